import { durationText } from '../slo/figures.ts';
import type { FollowUp } from './follow-up.ts';

/** Once when it is due, then daily for as long as it stands. */
const remindEvery = 24 * 3_600_000;

/** Whether the owner of a follow-up is to be reminded now. `remindedAt` is when they last were, ms. */
export function remindNow(
  { dueAt, clearedAt }: Pick<FollowUp, 'dueAt' | 'clearedAt'>,
  remindedAt: number | null,
  now: number,
): boolean {
  if (dueAt === null || clearedAt !== null || now < dueAt) return false;
  // A date that was moved since begins anew.
  return remindedAt === null || remindedAt < dueAt || now - remindedAt >= remindEvery;
}

/** True once a follow-up should have been cleared. */
export function isOverdue({ dueAt, clearedAt }: Pick<FollowUp, 'dueAt' | 'clearedAt'>, now: number): boolean {
  return dueAt !== null && clearedAt === null && now > dueAt;
}

/** True when a follow-up is this person's, or one of their teams'. */
export function isMine(
  { owner }: Pick<FollowUp, 'owner'>,
  { email, teams }: { email: string; teams: string[] },
): boolean {
  return owner !== null && (owner === email || teams.includes(owner));
}

/** "Due now: voiceover-v2 is off in production, for 7 d. The way back: Restore voiceover-v2." */
export function reminderText(followUp: FollowUp, now: number): string {
  const { title, openedAt, dueAt, wayBack, owner } = followUp;
  const late = now - (dueAt ?? now);
  const when = late < 3_600_000 ? 'Due now' : `Overdue for ${durationText(late)}`;
  const back = wayBack ? ` The way back: ${wayBack.label}.` : '';
  return `${when}: ${title}, for ${durationText(now - openedAt)}. Owner ${owner ?? 'nobody'}.${back}`;
}
