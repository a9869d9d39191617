import type { Selectable } from 'kysely';
import type { Catalog } from '../domain/catalog.ts';
import { effectiveExposure } from '../domain/flag/exposure.ts';
import type { FlagEnvironmentState } from '../domain/flag/flag.ts';
import { sameFlagState } from '../domain/flag/kill-plan.ts';
import { type FlagSchedule, firesWithin, scheduleTimeText } from '../domain/flag/schedule.ts';
import { turnRefusal } from '../domain/run/flag-offer.ts';
import type { Actor, RunStep } from '../domain/run/run.ts';
import { errorCode } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import { openFollowUp } from '../stores/follow-ups.server.ts';
import type { PeopleStore } from '../stores/people.server.ts';
import type { Database } from '../stores/schema.ts';
import type { RunStore } from '../stores/stores.ts';
import { errorText } from './runs/words.ts';

/** A plan that takes longer is not waited for, data ms. */
const planWithin = 120_000;

type Row = Selectable<Database['flag_schedule']>;

/**
 * Makes the changes of flags whose time has come, each as a run on behalf of whoever asked for it: their role is looked up
 * now, the plan is made now, and it is confirmed only if the flag stands as they saw it and nothing speaks against it.
 * What cannot be done is not done later: it says why, and a follow-up tells who asked. Safe to begin anew at any point.
 */
export function fireSchedules(deps: {
  db: Db;
  clock: Pick<Clock, 'now'>;
  catalog: () => Promise<Catalog | null>;
  people: Pick<PeopleStore, 'get'>;
  runs: RunStore;
  notify: Notify;
  mode: 'observe' | 'shadow' | 'act';
}): () => Promise<void> {
  const { db, clock, runs } = deps;

  return async () => {
    const due = await db
      .selectFrom('flag_schedule')
      .selectAll()
      .where('state', '=', 'waiting')
      .where('fires_at', '<=', clock.now())
      .orderBy('fires_at')
      .execute();
    for (const row of due) await fire(row);
  };

  async function fire(row: Row): Promise<void> {
    const now = clock.now();
    const late = now - row.fires_at;
    if (row.run_id === null && late > firesWithin) {
      return end(row, 'missed', tooLate);
    }
    const catalog = await deps.catalog();
    if (!catalog) return;
    const actor = await deps.people.get(row.made_by.email);
    const declared = catalog.flags.find(({ name }) => name === row.flag) ?? null;
    const why = actor ? turnRefusal(actor, declared, deps.mode) : `${row.made_by.name} has no account any more.`;
    if (why !== null || !actor) return refuse(row, actor, why ?? '');
    if (row.run_id === null) return open(row, actor, declared?.service ?? null);
    const step = (await runs.get(row.run_id))?.steps[0];
    if (!step) return refuse(row, actor, 'Its run is gone.');
    // A process that died right after the confirmation finds it made.
    if (isTaken(row, step)) return end(row, 'fired', null);
    if (late > firesWithin) return refuse(row, actor, tooLate, 'missed');
    if (step.state === 'pending' || (step.state === 'planned' && (step.plan?.readAt ?? 0) < row.fires_at)) {
      if (late > planWithin) return refuse(row, actor, 'Its plan could not be made in 2 min.');
      if (step.state === 'planned') await runs.replan(row.run_id, step.id);
      return;
    }
    await confirm(row, actor, row.run_id, step);
  }

  /** An open run of the same wish is taken over: two runs would do the same. */
  async function open(row: Row, actor: Actor, service: string | null): Promise<void> {
    const wish = { template: row.template, inputs: row.inputs, incidentId: null, service };
    const opened = await runs.openRun(wish, actor).catch((error: unknown) => {
      if (!errorCode(error)) throw error;
      return { why: errorText(error) };
    });
    if (typeof opened !== 'string') return refuse(row, actor, opened.why);
    await db.updateTable('flag_schedule').set({ run_id: opened }).where('id', '=', row.id).execute();
  }

  async function confirm(row: Row, actor: Actor, runId: string, step: RunStep): Promise<void> {
    const { plan, planHash } = step;
    const against = step.state === 'planned' && plan ? speaksAgainst(row, plan) : 'It stands so already.';
    if (against !== null || !planHash) return refuse(row, actor, against ?? 'It has no plan.');
    // Whoever has to approve it reads why; what a check speaks against is not acknowledged.
    const reason = `Planned for ${scheduleTimeText({ firesAt: row.fires_at, zone: row.zone })}.`;
    const word = { runId, stepId: step.id, hash: planHash, reason, acknowledged: false, outcome: null };
    const why = await runs.confirm({ ...word, actor, address: null }).then(
      () => null,
      (error: unknown) => {
        if (!errorCode(error)) throw error;
        return errorText(error);
      },
    );
    // Another engine may have been first with the same word.
    const after = why === null ? null : (await runs.get(runId))?.steps[0];
    if (why === null || (after && isTaken(row, after))) await end(row, 'fired', null);
    else await refuse(row, actor, why);
  }

  async function refuse(
    row: Row,
    actor: Actor | null,
    why: string,
    state: 'refused' | 'missed' = 'refused',
  ): Promise<void> {
    const run = row.run_id === null ? null : await runs.get(row.run_id);
    // A run that somebody had opened for the same is theirs.
    const own = run?.openedBy === row.made_by.email && run.openedAt >= row.fires_at;
    if (run && own && actor && run.steps[0]?.confirmedAt === null) {
      await runs.cancel({ runId: run.id, reason: `not done as planned: ${why}`, actor }).catch((error: unknown) => {
        if (!errorCode(error)) throw error;
      });
    }
    await end(row, state, why);
  }

  async function end(row: Row, state: FlagSchedule['state'], why: string | null): Promise<void> {
    const at = clock.now();
    await db.transaction().execute(async (tx) => {
      const ended = await tx
        .updateTable('flag_schedule')
        .set({ state, ended_at: at, why })
        .where('id', '=', row.id)
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      if (Number(ended.numUpdatedRows) === 0) return;
      if (why !== null) {
        const when = scheduleTimeText({ firesAt: row.fires_at, zone: row.zone });
        await openFollowUp(tx, {
          ...{ kind: 'other', target: `schedule/${row.id}`, title: `Not done: ${row.title}, ${when}. ${why}` },
          ...{ service: null, owner: row.made_by.email, incidentId: null, runId: row.run_id, openedAt: at },
          ...{ dueAt: null, wayBack: null },
        });
        await deps.notify('follow-ups', tx);
      }
      await deps.notify('flags', tx);
    });
  }
}

const tooLate = 'Firebreak was not running then, and more than 10 min late it is not done any more.';

/** True once the word for it was given: what waits for approvals was asked for. */
function isTaken(row: Row, { state, confirmedAt }: RunStep): boolean {
  return state === 'awaiting-approval' || (confirmedAt !== null && confirmedAt >= row.fires_at);
}

/** What speaks against doing it as planned; null when nothing does. */
function speaksAgainst(row: Row, plan: NonNullable<RunStep['plan']>): string | null {
  const now = plan.before as FlagEnvironmentState;
  if (!sameFlagState(now, row.seen)) {
    const [was, is] = [effectiveExposure(row.seen).text, effectiveExposure(now).text];
    return `It was ${was} when this was planned and is ${is} now.`;
  }
  if (plan.refused !== null) return plan.refused;
  if (!plan.needsReason) return null;
  const open = plan.preconditions.filter(({ state }) => state !== 'pass').map(({ text }) => text);
  return open.length > 0 ? open.join(' ') : 'A check is not met or not known.';
}
