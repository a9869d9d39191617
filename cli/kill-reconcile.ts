import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { endWords, killsOf } from '#app/domain/flag/direct-kill.ts';
import { systemClock } from '#app/platform/clock.ts';
import { type DbHandle, openDb } from '#app/platform/db.server.ts';
import { type Imported, importDirectKill } from '#app/stores/flag/direct-kills.server.ts';
import { type Terminal, UsageError } from './command.ts';
import { readJournal } from './direct-journal.ts';
import { placeOf } from './input-files.ts';
import { printable } from './printable.ts';

const dayMs = 86_400_000;
/** A flag that nobody looked after for this long is asked about. */
const dueIn = 7 * dayMs;
/** A kill without an outcome may still be under way for so long, ms. */
const underWay = 120_000;

const words: Record<Imported, string> = {
  known: 'was in the audit already',
  'with-follow-up': 'is in the audit now, with a follow-up that leads back',
  'moved-on': 'is in the audit now; a run has changed the flag since, so that no follow-up was opened',
  'not-taken': 'is in the audit now; it was not taken, so that nothing is left behind',
};

/** Brings journals of direct kills into the audit. True when all of all files are there. */
export async function reconcileJournals(files: readonly string[], terminal: Terminal): Promise<boolean> {
  const { env, out, err } = terminal;
  const url = env.DATABASE_URL;
  if (!url) throw new UsageError('DATABASE_URL is not set.');
  const { flags } = await readCatalog(resolve(env.FIREBREAK_CATALOG ?? '.')).catch(() => ({ flags: [] }));
  const handle = openDb(url, { max: 1, onError: (error) => err(error.message) });
  let all = true;
  try {
    for (const file of files) all = (await reconcile(handle, file, flags, terminal)) && all;
  } finally {
    await handle.close();
  }
  if (all) out('The audit has everything.');
  return all;
}

async function reconcile(
  { db }: DbHandle,
  file: string,
  flags: Awaited<ReturnType<typeof readCatalog>>['flags'],
  terminal: Terminal,
): Promise<boolean> {
  const { out, err } = terminal;
  const say = (line: string) => out(printable(line));
  const text = await readFile(placeOf(file, terminal), 'utf8').catch((error: Error) => error);
  const refuse = (why: string) => {
    err(printable(`${file}: ${why}`));
    return false;
  };
  if (text instanceof Error) return refuse(`The file cannot be read: ${text.message}`);
  const { lines, broken, torn } = readJournal(text);
  if (broken) return refuse(`Line ${broken.line}: ${broken.why} Nothing of this file was brought in.`);
  if (torn) err(printable(`${file}: The last line breaks off; what stands before it holds and is brought in.`));
  if (lines.length === 0) return refuse('There is no kill in it.');
  let all = true;
  for (const kill of killsOf(lines)) {
    const { intent, end } = kill;
    const name = `${intent.flag} in ${intent.environment}, ${new Date(intent.at).toISOString()} by ${intent.person}`;
    if (end === null && systemClock.wall() - intent.at < underWay) {
      err(printable(`${name}: may still be under way. Bring it in again in two minutes.`));
      all = false;
      continue;
    }
    const declared = flags.find((flag) => flag.name === intent.flag);
    const owner = { service: declared?.service ?? null, owner: declared?.owners[0] ?? null, dueIn };
    const came = await importDirectKill(db, kill, owner, systemClock.wall());
    say(`${name}: ${words[came]}. ${endWords(kill)}`);
  }
  return all;
}
