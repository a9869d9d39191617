import type { Catalog } from '../domain/catalog.ts';
import type { SuspectList } from '../domain/change/change.ts';
import { ownersChats } from '../domain/endpoint/owners-chats.ts';
import { type KillNotice, killNotice, killNoticeText } from '../domain/flag/kill-notice.ts';
import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import { noteMark } from '../domain/incident/pagerduty-timeline.ts';
import { paths } from '../paths.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import { recordTimeline } from '../stores/incident/timeline.server.ts';
import { createOutboxStore } from '../stores/outbox.server.ts';
import type { PeopleStore } from '../stores/people.server.ts';
import type { FollowUpStore, IncidentStore, ObservationStore } from '../stores/stores.ts';
import type { StoredNote } from './deliver/deliver-outbox.server.ts';
import type { StoredChat } from './deliver/send-chat.server.ts';

/** Somebody who hears of a kill a day later hears of it on the flag's page. */
const toldWithin = 24 * 3_600_000;

/**
 * Tells the owners of a flag that somebody else made it safe: why, on what evidence, and what must be true before it comes
 * back. The notice `firebreak/killed/<target>` stands on the flag's page and on its owners' overview; the declared chats of the
 * owners and of their teams get it, or every declared chat where they have none; an incident has it in its timeline and, as a note, in PagerDuty. One notice per kill, however often
 * this runs.
 */
export function tellOwners(deps: {
  db: Db;
  clock: Pick<Clock, 'now'>;
  catalog: () => Promise<Catalog | null>;
  stores: {
    followUps: Pick<FollowUpStore, 'open'>;
    incidents: IncidentStore;
    observations: ObservationStore;
    people: Pick<PeopleStore, 'get'>;
  };
  notify: Notify;
  mode: 'observe' | 'shadow' | 'act';
  /** Email of the PagerDuty user that writes our notes. */
  from: string;
  /** Address of a flag's page, as people outside reach it. */
  flagUrl: (flag: string) => string;
}): () => Promise<void> {
  const { db, stores, clock } = deps;

  return async () => {
    const now = clock.now();
    const kills = (await stores.followUps.open()).filter(({ kind }) => kind === 'flag-killed');
    if (kills.length === 0) return;
    const catalog = await deps.catalog();
    for (const kill of kills) if (catalog) await tell(catalog, kill, now);
  };

  async function tell(catalog: Catalog, kill: FollowUp, now: number): Promise<void> {
    const key = `killed/${kill.target}`;
    const told = (await stores.observations.get<KillNotice>('firebreak', key)).value;
    if (kill.runId === null || told?.runId === kill.runId) return;
    const notice = await noticeOf(catalog, kill, kill.runId);
    if (!notice || now - notice.at > toldWithin) return;
    await write(notice, catalog);
    await stores.observations.saw('firebreak', key, notice, now);
    await deps.notify('changes');
  }

  async function noticeOf(catalog: Catalog, kill: FollowUp, runId: string): Promise<KillNotice | null> {
    const { target, title, incidentId } = kill;
    const step = await db
      .selectFrom('run_step')
      .select(['step_id', 'confirmed_by', 'confirmed_at', 'confirm_reason', 'plan'])
      .where('run_id', '=', runId)
      .where('uses', '=', 'flag.kill')
      .where('confirmed_by', 'is not', null)
      .execute();
    const done = step.find(({ plan }) => plan?.target === target);
    const declared = catalog.flags.find(({ name }) => name === target.split('/').slice(2).join('/'));
    if (!done?.confirmed_by || done.confirmed_at === null || !declared) return null;
    const [incident, suspects] = incidentId
      ? await Promise.all([
          stores.incidents.get(incidentId),
          stores.observations.get<SuspectList>('firebreak', `suspects/${incidentId}`),
        ])
      : [null, null];
    const { confirmed_by: by, confirmed_at: at, confirm_reason: reason, step_id: stepId } = done;
    const fact = { target, title, at, incidentId, runId, stepId, by, reason };
    return killNotice(fact, declared, incident, suspects?.value ?? null);
  }

  /** Into what people already look at. */
  async function write(notice: KillNotice, catalog: Catalog): Promise<void> {
    const { incidentId, owners, flag } = notice;
    const text = killNoticeText(notice);
    const paged = incidentId === null ? [] : await stores.incidents.pagerDuty(incidentId);
    const chats = await ownersChats(catalog, owners, stores.people);
    const outbox = createOutboxStore(db);
    const key = `killed/${notice.runId}/${notice.stepId}`;
    const once = async (tx: Tx, kind: 'chat' | 'pagerduty-note', to: string, body: StoredChat | StoredNote) => {
      const dedupKey = `${key}/${to}`;
      if (await outbox.last(tx, dedupKey)) return;
      await outbox.enqueue(tx, { kind, dedupKey, body, incident_id: incidentId }, clock.now());
    };
    await db.transaction().execute(async (tx) => {
      if (incidentId !== null) {
        const href = paths.runStep(notice.runId, notice.stepId);
        const line = text.replace(/^For /, 'Notice for ');
        await recordTimeline(tx, incidentId, [{ key, at: notice.at, kind: 'told', text: line, href }]);
      }
      if (deps.mode !== 'act') return;
      for (const name of chats) {
        await once(tx, 'chat', name, { endpoint: name, text, link: deps.flagUrl(flag), about: notice.title });
      }
      for (const { id, status } of paged) {
        if (status === 'resolved') continue;
        await once(tx, 'pagerduty-note', id, { pagerDutyId: id, text: `${noteMark}${text}`, from: deps.from });
      }
      await deps.notify('outbox', tx);
      await deps.notify('incidents', tx);
    });
  }
}
