/** A place in a line where its grammar ends; `at` is 0-based. */
export interface LineFault {
  at: number;
  message: string;
  hint: string | null;
}

const escapes: Record<string, string> = { n: '\n', '"': '"', '\\': '\\' };
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;

/** The index of the "}" that closes the labels opened at `open`; −1 when there is none. */
export function closingBrace(line: string, open: number): number {
  const quick = line.indexOf('"}', open);
  const before = quick > 0 ? line[quick - 1] : undefined;
  // An escaped quote and a value that begins with "}" look the same at a glance: then every character is read.
  if (quick > 0 && before !== '\\' && before !== '=') return quick + 1;
  let quoted = false;
  for (let i = open + 1; i < line.length; i++) {
    const character = line[i];
    if (quoted && character === '\\') i++;
    else if (character === '"') quoted = !quoted;
    else if (character === '}' && !quoted) return i;
  }
  return -1;
}

/** The labels between `open` ("{") and `close` ("}") of a line, or what is wrong with them and where. */
export function readLabels(
  line: string,
  open: number,
  close: number,
): { labels: Record<string, string> } | { fault: LineFault } {
  const labels: Record<string, string> = Object.create(null);
  const fault = (at: number, message: string, hint: string | null = null) => ({ fault: { at, message, hint } });
  let at = open + 1;
  while (at < close) {
    labelName.lastIndex = at;
    const name = labelName.exec(line)?.[0];
    if (name === undefined) return fault(at, 'A label name is expected.', 'Write {label="value"}.');
    if (name in labels) return fault(at, `Label "${name}" stands here twice.`, 'Remove one of the two.');
    at += name.length;
    if (line[at] !== '=' || line[at + 1] !== '"') return fault(at, `After label "${name}" comes ="value".`);
    at += 2;
    let value = '';
    let from = at;
    for (; at < close && line[at] !== '"'; at++) {
      if (line[at] !== '\\') continue;
      const character = escapes[line[at + 1] ?? ''];
      if (character === undefined)
        return fault(at, `"${line.slice(at, at + 2)}" is not an escape.`, 'A value knows \\\\, \\" and \\n.');
      value += line.slice(from, at) + character;
      at += 1;
      from = at + 1;
    }
    labels[name] = value + line.slice(from, at);
    at += 1;
    if (at < close && line[at] !== ',') return fault(at, 'Between two labels stands a comma.');
    at += 1;
  }
  return { labels };
}
