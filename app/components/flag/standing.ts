import type { KillNotice } from '../../domain/flag/kill-notice.ts';
import type { FollowUp } from '../../domain/follow-up/follow-up.ts';

/** The notices of kills that still stand: their follow-up is open and of the same run. */
export function standing(
  told: Record<string, { value: KillNotice | null }>,
  followUps: readonly Pick<FollowUp, 'target' | 'runId'>[],
): KillNotice[] {
  return Object.values(told).flatMap(({ value }) => {
    const open = value && followUps.some(({ target, runId }) => target === value.target && runId === value.runId);
    return open ? [value] : [];
  });
}
