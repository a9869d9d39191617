import type { FlagDeclaration, FlagState } from './flag.ts';

const day = 86_400_000;
/** Applications report what they evaluate once a minute: a week of silence is no gap in the reports. */
const silentFor = 7 * day;

/** Why a flag ought to be cleaned up, a sentence each; none for one that is in its time. Times ms, data time. */
export function staleReasons(
  declared: Pick<FlagDeclaration, 'expires' | 'type'> | null,
  state: Pick<FlagState, 'stale' | 'lastSeenAt' | 'createdAt'> | null,
  now: number,
): string[] {
  const reasons: string[] = [];
  if (declared && expiredAt(declared, now) !== null) reasons.push(`It expired on ${declared.expires}.`);
  if (state?.stale) reasons.push('It is marked stale in Unleash.');
  // A kill switch or a permission waits for its day; a release that nobody asks for is left over.
  const passing = declared === null || declared.type === 'release' || declared.type === 'experiment';
  if (state && passing && now - Math.max(state.lastSeenAt ?? 0, state.createdAt) > silentFor) {
    reasons.push('No application has asked for it in 7 days.');
  }
  return reasons;
}

/** When a flag expired, ms: at the end of its day, UTC. Null while it is in its time, or has no such day. */
export function expiredAt({ expires }: Pick<FlagDeclaration, 'expires'>, now: number): number | null {
  if (expires === null) return null;
  const end = Date.parse(`${expires}T00:00:00Z`) + day;
  return end <= now ? end : null;
}
