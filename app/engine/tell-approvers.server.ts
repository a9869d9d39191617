import type { Catalog } from '../domain/catalog.ts';
import { noteMark } from '../domain/incident/pagerduty-timeline.ts';
import type { ApprovalRequest } from '../domain/run/approval.ts';
import { askedText, endedText, glassText } from '../domain/run/approval-words.ts';
import { gateSubject } from '../domain/run/gate-rules.ts';
import type { Plan } from '../domain/run/run.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import { createOutboxStore } from '../stores/outbox.server.ts';
import { toBrokenGlass, withApprovals } from '../stores/run/approval-rows.server.ts';
import type { IncidentStore } from '../stores/stores.ts';
import type { StoredNote } from './deliver/deliver-outbox.server.ts';
import type { StoredChat } from './deliver/send-chat.server.ts';

const atOnce = 50;

/** Where a message goes, and what it is about. */
interface Message {
  key: string;
  text: string;
  /** Teams that it is for: those whose declared chat has their name. */
  teams: string[];
  about: About;
}

/** A step with its run, as far as messages need them. */
interface About {
  runId: string;
  stepId: string;
  incidentId: string | null;
  service: string | null;
  plan: Plan | null;
  title: string;
}

/**
 * Tells approvers what waits for them, the requester how it was decided, and everybody when glass was broken: in the chats of
 * their teams, else in every declared chat, and as a note on the PagerDuty incident of the run. Each once, however often this runs.
 */
export function tellApprovers(deps: {
  db: Db;
  clock: Pick<Clock, 'now'>;
  catalog: () => Promise<Catalog | null>;
  incidents: Pick<IncidentStore, 'pagerDuty'>;
  notify: Notify;
  environment: string;
  /** Email of the PagerDuty user that writes our notes. */
  from: string;
  /** Address of a step, as people outside reach it. */
  stepUrl: (runId: string, stepId: string) => string;
}): () => Promise<void> {
  const { db } = deps;
  const outbox = createOutboxStore(db);

  return async () => {
    const [asked, ended, broken] = await Promise.all([
      db
        .selectFrom('approval_request')
        .selectAll()
        .where('told_at', 'is', null)
        .where('ended_at', 'is', null)
        .limit(atOnce)
        .execute(),
      db
        .selectFrom('approval_request')
        .selectAll()
        .where('told_end_at', 'is', null)
        .where('ended_at', 'is not', null)
        .limit(atOnce)
        .execute(),
      db.selectFrom('broken_glass').selectAll().where('told_at', 'is', null).limit(atOnce).execute(),
    ]);
    if (asked.length + ended.length + broken.length === 0) return;
    const catalog = await deps.catalog();
    if (!catalog) return;
    for (const request of await withApprovals(db, asked)) {
      const about = await aboutOf(request);
      const teams = approverTeams(catalog, about, request);
      const text = about.plan ? askedText(request, about.plan) : about.title;
      await tell(catalog, { key: `approval/${request.id}/asked`, text, teams, about }, (tx, at) =>
        tx.updateTable('approval_request').set({ told_at: at }).where('id', '=', request.id).execute(),
      );
    }
    for (const request of await withApprovals(db, ended)) {
      const about = await aboutOf(request);
      const text = endedText(request, about.title);
      const mine = request.requester.teams;
      const teams = mine.length > 0 ? mine : approverTeams(catalog, about, request);
      await tell(catalog, { key: `approval/${request.id}/ended`, text, teams, about }, (tx, at) =>
        tx.updateTable('approval_request').set({ told_end_at: at }).where('id', '=', request.id).execute(),
      );
    }
    for (const row of broken) {
      const glass = toBrokenGlass(row);
      const about = await aboutOf(glass);
      const text = glassText(glass, about.title);
      const teams = ownersOf(catalog, about);
      await tell(catalog, { key: `broken-glass/${row.id}`, text, teams, about }, (tx, at) =>
        tx.updateTable('broken_glass').set({ told_at: at }).where('id', '=', row.id).execute(),
      );
    }
  };

  async function aboutOf({ runId, stepId }: { runId: string; stepId: string }): Promise<About> {
    const row = await db
      .selectFrom('run')
      .innerJoin('run_step', 'run_step.run_id', 'run.id')
      .select(['run.title', 'run.incident_id', 'run.service', 'run_step.plan'])
      .where('run.id', '=', runId)
      .where('run_step.step_id', '=', stepId)
      .executeTakeFirstOrThrow();
    const { plan, service } = row;
    return { runId, stepId, plan, service, incidentId: row.incident_id, title: plan?.title ?? row.title };
  }

  /** Whose yes is wanted: the teams that the rules name, else the owners. */
  function approverTeams(catalog: Catalog, about: About, request: ApprovalRequest): string[] {
    const named = request.rules.flatMap(({ from }) => from).filter((one) => !one.includes('@'));
    return named.length > 0 ? named : ownersOf(catalog, about);
  }

  function ownersOf(catalog: Catalog, { plan, service }: About): string[] {
    const subject = gateSubject(plan?.target ?? null, service, catalog, deps.environment);
    const flag = catalog.flags.find(({ name }) => name === subject.flag);
    const owner = catalog.services.find(({ id }) => id === subject.service)?.owner;
    return [...(flag?.owners ?? []), ...(owner ? [owner] : [])];
  }

  async function tell(
    catalog: Catalog,
    message: Message,
    done: (tx: Tx, at: number) => Promise<unknown>,
  ): Promise<void> {
    const { key, text, teams, about } = message;
    const at = deps.clock.now();
    const declared = (catalog.endpoints ?? []).filter(({ use }) => use === 'chat');
    const own = declared.filter(({ name }) => teams.includes(name));
    const paged = about.incidentId === null ? [] : await deps.incidents.pagerDuty(about.incidentId);
    const link = deps.stepUrl(about.runId, about.stepId);
    const once = async (tx: Tx, kind: 'chat' | 'pagerduty-note', to: string, body: StoredChat | StoredNote) => {
      const dedupKey = `${key}/${to}`;
      if (await outbox.last(tx, dedupKey)) return;
      await outbox.enqueue(tx, { kind, dedupKey, body, incident_id: about.incidentId }, at);
    };
    await db.transaction().execute(async (tx) => {
      for (const { name } of own.length > 0 ? own : declared) {
        await once(tx, 'chat', name, { endpoint: name, text, link, about: about.title });
      }
      for (const { id, status } of paged) {
        if (status === 'resolved') continue;
        await once(tx, 'pagerduty-note', id, { pagerDutyId: id, text: `${noteMark}${text} ${link}`, from: deps.from });
      }
      await done(tx, at);
      await deps.notify('outbox', tx);
    });
  }
}
