import { resolve } from 'node:path';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import type { FlagDeclaration, SafeState } from '#app/domain/flag/flag.ts';
import { safeWords } from '#app/domain/flag/safe-words.ts';
import { type Terminal, UsageError } from './command.ts';
import { printable } from './printable.ts';

/** What a direct kill brings a flag to, and whether a file says so. */
export interface DirectTarget {
  safe: SafeState;
  declared: FlagDeclaration | null;
}

/** The safe state to go to: the declared one, else the one given by hand. Null, with the reason on `err`, where there is none. */
export async function directTarget(
  flag: string,
  given: { safe?: string | undefined; catalog?: string | undefined },
  { env, err }: Terminal,
): Promise<DirectTarget | null> {
  const asked = given.safe === undefined ? null : parseSafe(given.safe);
  const folder = resolve(given.catalog ?? env.FIREBREAK_CATALOG ?? '.');
  // A catalog that cannot be read is no reason not to stop: then the safe state has to be given.
  const flags = await readCatalog(folder).then(
    (catalog) => catalog.flags,
    () => [],
  );
  const declared = flags.find(({ name }) => name === flag) ?? null;
  if (declared && asked && safeWords(asked) !== safeWords(declared.safe)) {
    err(printable(`${flag} is declared safe when ${safeWords(declared.safe)}. Leave --safe out, or give that.`));
    return null;
  }
  const safe = declared?.safe ?? asked;
  if (!safe) {
    err(
      printable(
        `${flag} is declared in no file of ${folder}, so its safe state is not known. Look what the flag does, then give --safe off, --safe on or --safe variant:NAME.`,
      ),
    );
    return null;
  }
  return { safe, declared };
}

function parseSafe(text: string): SafeState {
  if (text === 'off' || text === 'on') return { state: text };
  const variant = /^variant:(.+)$/.exec(text)?.[1];
  if (!variant) throw new UsageError('--safe is off, on or variant:NAME.');
  return { state: 'variant', variant };
}
