import { z } from 'zod';
import { plural } from '../plural.ts';
import type { Rehearsal } from './rehearsal.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'This is no SHA-256 in hex.');

/** What `POST /api/v1/rehearsals` takes: the cases of one runbook, all of them, as they were played. */
export const rehearsalReport = z.strictObject({
  runbook: z.string().min(1).max(200),
  /** Of the runbook's bytes, and of its rehearsal file's. */
  digest: sha256,
  rehearsal: sha256,
  cases: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(120),
        held: z.boolean(),
        /** The first thing that did not hold. */
        why: z.string().max(2_000).nullable().default(null),
      }),
    )
    .min(1)
    .max(50),
});

export type RehearsalReport = z.output<typeof rehearsalReport>;

/** The last rehearsal of a runbook that Firebreak was told of. */
export interface RehearsalRecord extends RehearsalReport {
  at: number;
  /** Name of the API key that told it. */
  by: string;
}

/** What a rehearsal says of the bytes that are in force now. */
export interface RehearsalStanding {
  state: 'held' | 'failed' | 'other-bytes' | 'never' | 'undeclared';
  /** Without a time: it stands beside it. */
  text: string;
  at: number | null;
  /** Cases that did not hold, with why. */
  failed: { name: string; why: string | null }[];
}

/** The bytes of a runbook and of the rehearsal beside it that are in force. */
export function rehearsedBytes(
  catalog: { rehearsals?: readonly Pick<Rehearsal, 'runbook' | 'digest'>[] } | null,
  { slug, digest }: { slug: string; digest: string },
): { digest: string; rehearsal: string | null } {
  const beside = catalog?.rehearsals?.find(({ runbook }) => runbook === slug);
  return { digest, rehearsal: beside?.digest ?? null };
}

/** Compares the last record of a runbook with its files; `rehearsal` is null where there is no file beside it, or one with errors. */
export function rehearsalStanding(
  record: RehearsalRecord | null,
  now: { digest: string; rehearsal: string | null },
): RehearsalStanding {
  const none = { at: null, failed: [] };
  if (record === null) {
    if (now.rehearsal === null) return { state: 'undeclared', text: 'no rehearsal beside it', ...none };
    return { state: 'never', text: 'not rehearsed yet', ...none };
  }
  const { at, cases } = record;
  const failed = cases.filter(({ held }) => !held).map(({ name, why }) => ({ name, why }));
  const count = `${cases.length - failed.length} of ${plural(cases.length, 'case')}`;
  const same = record.digest === now.digest && record.rehearsal === now.rehearsal;
  if (!same) {
    const what = record.digest === now.digest ? 'as other stories tell' : 'with other bytes';
    return { state: 'other-bytes', text: `rehearsed ${what}, ${count}`, at, failed };
  }
  const text = `rehearsed on the simulator, this version, ${count}`;
  return { state: failed.length === 0 ? 'held' : 'failed', text, at, failed };
}
