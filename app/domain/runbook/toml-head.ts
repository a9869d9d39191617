import type { Place } from './runbook.ts';

/** What is read of a TOML head: title, owner, and whether it tries to declare a runbook. */
export interface TomlHead {
  title: string | null;
  owner: string | null;
  /** Where a `runbook` key or table stands, 1-based in the head. */
  runbook: Place | null;
  /** The first thing that is no TOML, null when all of it may be. */
  wrong: (Place & { message: string }) | null;
}

const name = String.raw`(?:[\w-]+|"[^"\n]*"|'[^'\n]*')`;
const table = new RegExp(String.raw`^\[{1,2}\s*(${name}(?:\s*\.\s*${name})*)\s*\]{1,2}\s*(?:#.*)?$`);
const entry = new RegExp(String.raw`^(${name}(?:\s*\.\s*${name})*)\s*=\s*`);

/** Reads a TOML head line by line: keys, tables, and texts and lists that go on over lines. Values are not judged further. */
export function readTomlHead(content: string): TomlHead {
  const head: TomlHead = { title: null, owner: null, runbook: null, wrong: null };
  const lines = content.split(/\r?\n/);
  let top = true;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!.trim();
    if (line === '' || line.startsWith('#')) continue;
    const column = lines[index]!.length - lines[index]!.trimStart().length + 1;
    const place = { line: index + 1, column };
    const wrong = (message: string): TomlHead => ({ ...head, wrong: { ...place, message } });
    const named = table.exec(line) ?? entry.exec(line);
    if (!named) return wrong('This line is neither a key with a value nor a table.');
    const isTable = line.startsWith('[');
    if ((isTable || top) && /^["']?runbook["']?(?:\s*\.|$)/.test(named[1]!)) head.runbook ??= place;
    if (isTable) {
      top = false;
      continue;
    }
    const value = line.slice(named[0].length);
    if (value === '' || value.startsWith('#')) return wrong(`The key ${named[1]!.slice(0, 40)} has no value.`);
    const last = valueEnd(value, lines, index);
    if (last === null) return wrong(`The value of ${named[1]!.slice(0, 40)} is never closed.`);
    if (top && (named[1] === 'title' || named[1] === 'owner')) head[named[1]] = plainText(value);
    index = last;
  }
  return head;
}

/** Index of the line on which a value ends; null when a text or a bracket of it is never closed. */
function valueEnd(value: string, lines: readonly string[], from: number): number | null {
  let depth = 0;
  let text = value;
  for (let index = from; ; ) {
    for (let at = 0; at < text.length; at++) {
      const character = text[at]!;
      if (character === '#') break;
      if (character === '[' || character === '{') depth++;
      else if (character === ']' || character === '}') depth--;
      if (character !== '"' && character !== "'") continue;
      const long = character.repeat(3);
      if (text.startsWith(long, at)) {
        let end = text.indexOf(long, at + 3);
        while (end < 0) {
          if (++index >= lines.length) return null;
          text = lines[index]!;
          end = text.indexOf(long);
        }
        at = end + 2;
      } else {
        const end = closing(text, at, character);
        if (end < 0) return null;
        at = end;
      }
    }
    if (depth <= 0) return index;
    if (++index >= lines.length) return null;
    text = lines[index]!;
  }
}

function closing(text: string, from: number, quote: string): number {
  for (let at = from + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

/** The text of a one-line value, null for a value of another kind. */
function plainText(value: string): string | null {
  if (/^(?:"""|''')/.test(value)) return null;
  const literal = /^'([^']*)'/.exec(value);
  const basic = /^"(?:[^"\\]|\\.)*"/.exec(value);
  if (literal) return literal[1]!.trim() || null;
  try {
    return basic ? (JSON.parse(basic[0]) as string).trim() || null : null;
  } catch {
    return null;
  }
}
