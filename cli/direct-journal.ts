import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canonicalValue, genesis } from '#app/domain/audit/canonical.ts';
import { type DirectEnd, type DirectIntent, type JournalLine, journalLine } from '#app/domain/flag/direct-kill.ts';
import { AppError } from '#app/errors.ts';

/** A journal as read. */
export interface ReadJournal {
  lines: JournalLine[];
  /** In which line its chain does not hold, and why. */
  broken: { line: number; why: string } | null;
  /** True when its last line breaks off: the machine stopped while it was written, and what stands before it holds. */
  torn: boolean;
}

/** Reads a journal and checks its chain. The chain shows what was changed or left out; whoever rewrites it whole is not found. */
export function readJournal(text: string): ReadJournal {
  const lines: JournalLine[] = [];
  const broken = (why: string): ReadJournal => ({ lines, torn: false, broken: { line: lines.length + 1, why } });
  let prev = genesis;
  const all = text.split('\n');
  const torn = all.pop() !== '';
  for (const one of all) {
    const parsed = journalLine.safeParse(json(one));
    if (!parsed.success) return broken('This is no line of a journal.');
    const line = parsed.data as JournalLine;
    if (line.seq !== lines.length + 1 || line.prev !== prev)
      return broken('A line before it is missing or was changed.');
    if (line.hash !== hashOf(line)) return broken('It was changed after it was written.');
    lines.push(line);
    prev = line.hash;
  }
  return { lines, broken: null, torn };
}

/** Adds a line to a journal and waits until the disk has it. Throws when the file cannot be written or its chain is broken. */
export async function appendToJournal(file: string, entry: DirectIntent | DirectEnd): Promise<JournalLine> {
  const { lines, broken, torn } = readJournal(await readFile(file, 'utf8').catch(emptyWhenNew));
  if (broken || torn) {
    const why = broken ? `${file}:${broken.line} ${broken.why}` : `The last line of ${file} breaks off.`;
    throw new AppError('bad_input', `${why} Name another file with --journal.`);
  }
  const chained = { ...entry, seq: lines.length + 1, prev: lines.at(-1)?.hash ?? genesis };
  const line = { ...chained, hash: hashOf(chained) } as JournalLine;
  await using handle = await open(file, 'a', 0o600);
  await handle.write(`${JSON.stringify(line)}\n`);
  await handle.sync();
  // A new file is only there for good when its folder says so.
  if (lines.length === 0) await syncFolder(dirname(file));
  return line;
}

/** Over everything but the hash itself, the hash of the line before among it. */
function hashOf(line: object): string {
  const { hash: _hash, ...covered } = line as { hash?: string };
  return createHash('sha256')
    .update(JSON.stringify(canonicalValue(covered)))
    .digest('hex');
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function emptyWhenNew(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
