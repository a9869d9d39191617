import type { Catalog } from '../domain/catalog.ts';
import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import { noWay, reminderWay, type SentReminder } from '../domain/follow-up/reminder-way.ts';

import type { PagerDutyIncident } from '../domain/incident/incident.ts';

/** What the list says about the reminder of a follow-up; `at` is when it was sent, null where none was. */
export interface ReminderWords {
  at: number | null;
  text: string;
}

interface Parts {
  people: { get(email: string): Promise<{ name: string; teams: string[] } | null> };
  followUps: { reminders(ids: readonly string[]): Promise<Map<string, SentReminder>> };
  incidents: { pagerDuty(id: string): Promise<PagerDutyIncident[]> };
}

/** For each follow-up that is due: where its last reminder went, or why it goes nowhere. */
export async function reminderWords(
  stores: Parts,
  catalog: Catalog | null,
  mode: 'observe' | 'shadow' | 'act',
  due: readonly FollowUp[],
): Promise<Record<string, ReminderWords>> {
  const sent = await stores.followUps.reminders(due.map(({ id }) => id));
  const words = due.map(async (followUp): Promise<[string, ReminderWords]> => {
    const last = sent.get(followUp.id);
    if (last) {
      const failed = last.taken === last.to.length ? '' : ` (not taken yet${last.error ? `: ${last.error}` : ''})`;
      return [followUp.id, { at: last.at, text: `Reminded in ${last.to.join(', ')}${failed}` }];
    }
    return [followUp.id, { at: null, text: await expected(stores, catalog, mode, followUp) }];
  });
  return Object.fromEntries(await Promise.all(words));
}

async function expected(
  stores: Parts,
  catalog: Catalog | null,
  mode: 'observe' | 'shadow' | 'act',
  followUp: FollowUp,
): Promise<string> {
  if (mode !== 'act') return `Nobody is reminded: FIREBREAK_MODE is ${mode}.`;
  if (!catalog) return 'Nobody was reminded: the catalog has not been read yet.';
  const { owner, incidentId } = followUp;
  const [person, pages] = await Promise.all([
    owner?.includes('@') ? stores.people.get(owner) : null,
    incidentId === null ? [] : stores.incidents.pagerDuty(incidentId),
  ]);
  const way = reminderWay(followUp, catalog, person?.teams ?? [], pages);
  if (way.kind === 'none') return noWay(person?.name ?? owner);
  return `A reminder is about to go to ${way.kind === 'chat' ? way.names.join(', ') : 'PagerDuty'}.`;
}
