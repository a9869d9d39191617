import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { createUnleashRead } from '#app/clients/unleash/read.server.ts';
import { type Drift, flagDrift } from '#app/domain/flag/drift.ts';
import type { FlagState } from '#app/domain/flag/flag.ts';
import { AppError } from '#app/errors.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { type Command, type Terminal, UsageError } from './command.ts';
import { printable } from './printable.ts';
import { problemLine } from './problem-line.ts';

const help = `firebreak flags plan [folder] [--json]

Shows where flags/*.yaml and Unleash differ, and what would bring either side to the other. Changes nothing.

  folder   the catalog; default FIREBREAK_CATALOG, else the current folder
  --json   {"ok", "drift"} on one document instead of lines

UNLEASH_URL is the address of Unleash, UNLEASH_ADMIN_TOKEN an admin token.

Exit code: 0 they agree, 1 they differ or one could not be read, 2 wrong arguments.`;

/** `firebreak flags plan`: drift between the files and Unleash, both ways. */
export const flagsPlan: Command = {
  name: 'flags plan',
  summary: 'Show where flags/*.yaml and Unleash differ, and how either would follow the other',
  help,
  async run(args, terminal) {
    const { env, out, err } = terminal;
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const baseUrl = env.UNLEASH_URL?.replace(/\/+$/, '');
    if (!baseUrl || !URL.canParse(baseUrl)) throw new UsageError('UNLEASH_URL is not set to the address of Unleash.');
    const adminToken = env.UNLEASH_ADMIN_TOKEN;
    if (!adminToken) throw new UsageError('UNLEASH_ADMIN_TOKEN is not set.');
    const { flags, problems } = await readCatalog(resolve(positionals[0] ?? env.FIREBREAK_CATALOG ?? '.'));
    // A file that cannot be read would look like a flag that nobody declares.
    const broken = problems.filter(({ severity, file }) => severity === 'error' && /(^|\/)flags\//.test(file));
    for (const problem of broken) err(printable(problemLine(problem)));
    if (broken.length > 0) return 1;
    const states = await flagsIn({ baseUrl, adminToken }, terminal);
    if (!states) return 1;
    const drift = flagDrift(flags, states);
    if (values.json) out(JSON.stringify({ ok: drift.length === 0, drift }, null, 2));
    else for (const line of inWords(drift, flags.length)) out(printable(line));
    return drift.length === 0 ? 0 : 1;
  },
};

/** All flags of an Unleash; null, with the reason on `err`, when it does not give them. */
async function flagsIn(at: { baseUrl: string; adminToken: string }, { err }: Terminal): Promise<FlagState[] | null> {
  const resilience = createResilience({ system: 'Unleash', timeoutMs: 10_000 });
  const unleash = createUnleashRead({ address: { ...at, clientTokens: {} }, resilience, clock: systemClock });
  try {
    return await unleash.flags();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    err(printable(error.message));
    return null;
  }
}

function inWords(drift: readonly Drift[], declared: number): string[] {
  if (drift.length === 0) return [`✓ Unleash agrees with ${declared} declared flags.`];
  const lines = drift.flatMap(({ flag, text, inUnleash, inFile }) => [
    `${flag}: ${text}`,
    `  in Unleash: ${inUnleash}`,
    `  in the file: ${inFile}`,
  ]);
  return [...lines, '', `✗ ${drift.length} ${drift.length === 1 ? 'difference' : 'differences'}. Nothing was changed.`];
}
