import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { createUnleashRead } from '#app/clients/unleash/read.server.ts';
import { type Drift, flagDrift } from '#app/domain/flag/drift.ts';
import { type Reconciliation, reconcile, reconciliationText } from '#app/domain/flag/reconcile.ts';
import { AppError } from '#app/errors.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { type Terminal, UsageError } from './command.ts';
import { printable } from './printable.ts';
import { problemLine } from './problem-line.ts';

/** Drift between a catalog and an Unleash, both ways out of it, and the hash that a plan is applied by. */
export interface FoundDrift {
  /** The catalog's folder, absolute. */
  folder: string;
  address: { baseUrl: string; adminToken: string };
  declared: number;
  drift: Drift[];
  made: Reconciliation;
  hash: string;
}

/** Where Unleash is and what opens it, from the environment. */
export function unleashFrom({ env }: Pick<Terminal, 'env'>): FoundDrift['address'] {
  const baseUrl = env.UNLEASH_URL?.replace(/\/+$/, '');
  if (!baseUrl || !URL.canParse(baseUrl)) throw new UsageError('UNLEASH_URL is not set to the address of Unleash.');
  const adminToken = env.UNLEASH_ADMIN_TOKEN;
  if (!adminToken) throw new UsageError('UNLEASH_ADMIN_TOKEN is not set.');
  return { baseUrl, adminToken };
}

/** Reads files and Unleash and compares them; null, with the reason on `err`, when one of them cannot be read. */
export async function findDrift(given: string | undefined, terminal: Terminal): Promise<FoundDrift | null> {
  const { env, err } = terminal;
  const address = unleashFrom(terminal);
  const folder = resolve(given ?? env.FIREBREAK_CATALOG ?? '.');
  const { flags, problems } = await readCatalog(folder);
  // A file that cannot be read would look like a flag that nobody declares.
  const broken = problems.filter(({ severity, file }) => severity === 'error' && /(^|\/)flags\//.test(file));
  for (const problem of broken) err(printable(problemLine(problem)));
  if (broken.length > 0) return null;
  const resilience = createResilience({ system: 'Unleash', timeoutMs: 10_000 });
  const unleash = createUnleashRead({ address: { ...address, clientTokens: {} }, resilience, clock: systemClock });
  try {
    const live = await unleash.flags();
    const known = new Set(live.map(({ flag }) => flag));
    // Unleash lists archived flags apart, and only few times a minute.
    const archived = flags.every(({ name }) => known.has(name)) ? [] : await unleash.archived();
    const states = [...live, ...archived.filter(({ flag }) => !known.has(flag))];
    const drift = flagDrift(flags, states);
    const made = reconcile(flags, states, drift);
    const hash = createHash('sha256').update(reconciliationText(made)).digest('hex').slice(0, 12);
    return { folder, address, declared: flags.length, drift, made, hash };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    err(printable(error.message));
    return null;
  }
}

/** Drift as lines for people. */
export function driftLines({ drift, declared }: Pick<FoundDrift, 'drift' | 'declared'>): string[] {
  if (drift.length === 0) return [`✓ Unleash agrees with ${declared} declared flags.`];
  return drift.flatMap(({ flag, text, inUnleash, inFile }) => [
    `${flag}: ${text}`,
    `  in Unleash: ${inUnleash}`,
    `  in the file: ${inFile}`,
  ]);
}
