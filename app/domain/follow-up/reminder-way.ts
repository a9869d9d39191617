import type { Catalog } from '../catalog.ts';
import type { PagerDutyIncident } from '../incident/incident.ts';
import type { FollowUp } from './follow-up.ts';

/** Where the reminder of a follow-up goes; `none` where nothing outside can be told. */
export type ReminderWay =
  | { kind: 'chat'; of: 'owner' | 'service'; names: string[] }
  | { kind: 'pagerduty'; ids: string[] }
  | { kind: 'none' };

/** A reminder of a follow-up as it left: `to` is a chat's name, or `PagerDuty`. Times ms. */
export interface SentReminder {
  at: number;
  to: string[];
  /** How many of them were taken so far. */
  taken: number;
  /** Why the last that was not taken was not; null where nothing went wrong. */
  error: string | null;
}

/**
 * The nearest way to whoever it concerns: the chat of its owner or of a team of theirs (`teams`), else that of the team whose
 * service it is, else a note on the PagerDuty incidents that still stand for its incident.
 */
export function reminderWay(
  { owner, service }: Pick<FollowUp, 'owner' | 'service'>,
  catalog: Pick<Catalog, 'endpoints' | 'services'>,
  teams: readonly string[],
  pages: readonly Pick<PagerDutyIncident, 'id' | 'status'>[],
): ReminderWay {
  const chats = (wanted: readonly (string | null | undefined)[]) =>
    (catalog.endpoints ?? [])
      .filter(({ use, name }) => use === 'chat' && wanted.includes(name))
      .map(({ name }) => name);
  const own = chats([owner, ...teams]);
  if (own.length > 0) return { kind: 'chat', of: 'owner', names: own };
  const ofService = chats([catalog.services.find(({ id }) => id === service)?.owner]);
  if (ofService.length > 0) return { kind: 'chat', of: 'service', names: ofService };
  const ids = pages.filter(({ status }) => status !== 'resolved').map(({ id }) => id);
  return ids.length > 0 ? { kind: 'pagerduty', ids } : { kind: 'none' };
}

/** Said where nothing outside can be told. */
export function noWay(owner: string | null): string {
  return `A reminder can go nowhere: no chat is declared for ${owner ?? 'it, because nobody owns it'}, nor for the team of its service, and no page of its incident is open. It stands only here, and under “mine” of its owner.`;
}
