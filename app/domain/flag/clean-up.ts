import { effectiveExposure } from './exposure.ts';
import type { FlagDeclaration, FlagState } from './flag.ts';
import { staleReasons } from './lifecycle.ts';

const day = 86_400_000;
/** A release or an experiment that everybody or nobody gets for this long has been decided, days. */
const decidedAfter = 30;

/** What is left of a flag to do, for its owner. Times ms, data time. */
export interface CleanUp {
  flag: string;
  service: string;
  owner: string | null;
  /** Why and what to do, in one line. */
  title: string;
}

/**
 * What has to be cleaned up of a declared flag; null for one in its time. `changedAt` is its last change that is known;
 * `environment` the console's own.
 */
export function cleanUpOf(
  declared: FlagDeclaration,
  state: FlagState | null,
  known: { changedAt: number | null; environment: string; now: number },
): CleanUp | null {
  const decided = decidedReason(declared, state, known);
  const reasons = [...staleReasons(declared, state, known.now), ...(decided ? [decided.why] : [])];
  if (reasons.length === 0) return null;
  const { name, service, owners } = declared;
  const todo = decided?.todo ?? 'take the flag out of the code';
  return {
    flag: name,
    service,
    owner: owners[0] ?? null,
    title: `Clean up ${name}: ${reasons.join(' ')} Then ${todo}, archive it in Unleash and delete its file; or give its file a later expiry.`,
  };
}

/** A kill switch or a permission stays as it is for years; a release or an experiment has an end. */
function decidedReason(
  { type }: Pick<FlagDeclaration, 'type'>,
  state: FlagState | null,
  { changedAt, environment, now }: { changedAt: number | null; environment: string; now: number },
): { why: string; todo: string } | null {
  const here = state?.environments.find((one) => one.environment === environment);
  if (!state || !here || (type !== 'release' && type !== 'experiment')) return null;
  if (now - Math.max(changedAt ?? 0, state.createdAt) < decidedAfter * day) return null;
  const { percent, most } = effectiveExposure(here);
  if (percent === 100) {
    const why = `Everybody in ${environment} gets it, and nobody has changed that in ${decidedAfter} days.`;
    return { why, todo: 'keep the new way in the code without the flag' };
  }
  if (most > 0) return null;
  const why = `Nobody in ${environment} gets it, and nobody has changed that in ${decidedAfter} days.`;
  return { why, todo: 'take the new way out of the code with the flag' };
}
