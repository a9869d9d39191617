import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { decidedBy } from '../../domain/audit/audit.ts';
import {
  cancelOffer,
  isWaiting,
  leavesBehind,
  offerPermission,
  type StepOffer,
  undoFirst,
} from '../../domain/run/offers.ts';
import type { Actor } from '../../domain/run/run.ts';
import { after, type StepEvent } from '../../domain/run/transitions.ts';
import { AppError } from '../../errors.ts';
import type { Tx } from '../../platform/db.server.ts';
import type { NewAuditEntry } from '../audit.server.ts';
import { clearFollowUps } from '../follow-ups.server.ts';
import type { RunStore } from '../stores.ts';
import { endRequests } from './approval-rows.server.ts';
import { type RunRow, type StepRow, undoableStep } from './run-rows.ts';
import type { RunStoreDeps } from './runs.server.ts';
import type { StepDrive } from './step-drive.ts';
import { mayActOn } from './step-permission.ts';
import { undoHash } from './undo-hash.server.ts';

/** What each decision does to a step's state, in the words of the table of transitions. */
const events = {
  skip: 'skip',
  undo: 'undo',
  done: 'decide-done',
  retry: 'retry',
  abort: 'decide-failed',
} as const satisfies Record<string, StepEvent>;

/** The offer on the page behind each decision, which says who may make it. */
const offers = {
  skip: 'skip',
  undo: 'undo',
  done: 'resolve',
  retry: 'retry',
  abort: 'resolve',
} as const satisfies Record<keyof typeof events, StepOffer>;

type StepUpdate = Partial<{
  state: StepRow['state'];
  reason: string | null;
  ended_at: number | null;
  effect_at: number | null;
  captured: null;
  drive: string;
  confirmed_by: string;
  confirmed_at: number;
  confirm_reason: string | null;
}>;

/** Passes a step over. One that waits is called off by the engine, which looks at the target first. */
export function skipStep(
  deps: RunStoreDeps,
  { runId, stepId, reason, actor }: Parameters<RunStore['skip']>[0],
): Promise<void> {
  return decide(deps, runId, stepId, 'skip', actor, reason, (_run, step, at) => {
    const why = `Skipped by ${actor.name}: ${said(reason)}`;
    if (leavesBehind({ ...step, movedOn: step.drive.movedOn })) throw new AppError('locked', undoFirst);
    if (step.state !== 'blocked') return { state: 'skipped', reason: why, ended_at: at };
    return { drive: JSON.stringify(calledOff(step, actor, reason)) };
  });
}

/** Takes the newest change of an open run back; see `RunStore.undo`. */
export function undoStep(
  deps: RunStoreDeps,
  { runId, stepId, hash, reason, actor }: Parameters<RunStore['undo']>[0],
): Promise<void> {
  return decide(deps, runId, stepId, 'undo', actor, reason, (run, step, at, steps) => {
    if (deps.mode !== 'act') throw new AppError('mode_observe');
    const newest = undoableStep(run, steps);
    if (newest !== stepId) {
      throw new AppError(
        'locked',
        newest ? 'A later change of this run has to be undone first.' : 'There is nothing to undo here.',
      );
    }
    if (undoHash(step) !== hash)
      throw new AppError('plan_stale', 'An undo would do something else by now. Read it again.');
    // What stopped half way has no state of its own to be compared with; after a refusal the person has seen what stands there.
    const asLeft = (step.state === 'succeeded' || step.state === 'verifying') && !step.drive.movedOn;
    const drive: StepDrive = { direction: 'undo', asLeft };
    return {
      state: 'running',
      reason: null,
      drive: JSON.stringify(drive),
      confirmed_by: JSON.stringify(actor),
      confirmed_at: at,
      confirm_reason: reason,
      ended_at: step.ended_at,
    };
  });
}

/** A person says what became of an effect nobody could observe. */
export function resolveUnknownStep(
  deps: RunStoreDeps,
  { runId, stepId, decision, actor }: Parameters<RunStore['resolveUnknown']>[0],
): Promise<void> {
  return decide(deps, runId, stepId, decision, actor, null, (_run, step, at) => {
    const undo = step.drive.direction === 'undo';
    if (decision === 'abort') return { state: 'failed', reason: `Given up by ${actor.name}.`, ended_at: at };
    if (decision === 'done') {
      if (undo) return { state: 'undone', reason: `Undone, as ${actor.name} saw.`, ended_at: at };
      const drive: StepDrive = { progress: step.drive.progress, decision: 'done', look: randomUUID() };
      return {
        state: 'verifying',
        reason: `Done, as ${actor.name} saw.`,
        effect_at: at,
        ended_at: null,
        drive: JSON.stringify(drive),
      };
    }
    // A reversal is tried again as it stands; a change is planned again and confirmed again.
    if (undo) return { state: 'failed', reason: 'The undo can be asked for again.', drive: '{}' };
    const anew = { state: 'pending' as const, reason: null, ended_at: null };
    // What somebody else has set since is what this change would be undone to.
    if (step.drive.movedOn) return { ...anew, captured: null, drive: '{}' };
    return { ...anew, drive: JSON.stringify({ progress: step.drive.progress }) };
  });
}

/** Asks for a fresh plan of a step that waits with one. What failed is tried again by a decision, which asks who may. */
export async function replanStep(deps: RunStoreDeps, runId: string, stepId: string): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const { run, step } = await lockedStep(tx, runId, stepId);
    if (run.state === 'done' || run.state === 'cancelled') throw new AppError('already_done', 'This run has ended.');
    if (step.state !== 'planned') throw new AppError('not_planned', 'This step cannot be planned again now.');
    const { look: _look, ...kept } = step.drive;
    const drive: StepDrive = { ...kept, replan: true };
    await update(tx, step, { drive: JSON.stringify(drive) });
    await deps.notify(`run/${runId}`, tx);
    await deps.send(tx, { runId, look: null });
  });
}

/** Said of a step that a cancelled run leaves half way. */
const leftStanding = 'Whatever it had changed before that still stands.';

/** Ends a run before its next step. What runs is asked to end, and its outcome is still recorded. */
export async function cancelRun(
  deps: RunStoreDeps,
  { runId, reason, actor }: Parameters<RunStore['cancel']>[0],
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const run = await tx.selectFrom('run').selectAll().where('id', '=', runId).forUpdate().executeTakeFirst();
    if (!run) throw new AppError('not_found');
    const people = await tx.selectFrom('run_step').select('confirmed_by').where('run_id', '=', runId).execute();
    const acted = people.map(({ confirmed_by }) => confirmed_by?.name ?? null);
    const offer = cancelOffer({ state: run.state, openedBy: run.opened_by, acted }, actor);
    if (!offer) throw new AppError('already_done', 'This run has ended.');
    if (offer.why) throw new AppError('forbidden', offer.why);
    const at = deps.clock.now();
    const why = `Cancelled by ${actor.name}: ${said(reason)}`;
    await tx.updateTable('run').set({ state: 'cancelled', ended_at: at }).where('id', '=', runId).execute();
    await tx
      .updateTable('run_step')
      .set({
        state: 'skipped',
        // A first share, or a try that stopped half way, is not taken back by this.
        reason: sql`case when captured is null then ${why} else ${`${why}${/[.!?]$/.test(why) ? '' : '.'} ${leftStanding}`} end`,
        ended_at: at,
      })
      .where('run_id', '=', runId)
      .where((eb) =>
        eb.or([
          eb('state', 'in', ['pending', 'planned', 'awaiting-approval']),
          eb('state', '=', 'verifying').and('kind', '=', 'people'),
        ]),
      )
      .execute();
    const running = await tx
      .selectFrom('run_step')
      .selectAll()
      .where('run_id', '=', runId)
      .where('state', 'in', ['running', 'blocked'])
      .forUpdate()
      .execute();
    for (const step of running) await update(tx, step, { drive: JSON.stringify(calledOff(step, actor, reason)) });
    await callOffRequests(tx, deps, { runId }, { at, by: actor.email, reason: why });
    await deps.notify('runs', tx);
    await deps.notify(`run/${runId}`, tx);
    if (running.length > 0) await deps.send(tx, { runId, look: null });
    await deps.audit(tx, line(at, actor, 'run.cancelled', `run/${runId}`, runId, null, reason));
  });
}

async function decide(
  deps: RunStoreDeps,
  runId: string,
  stepId: string,
  decision: keyof typeof events,
  actor: Actor,
  reason: string | null,
  change: (run: RunRow, step: StepRow, at: number, steps: StepRow[]) => StepUpdate,
): Promise<void> {
  const catalog = await deps.catalog();
  await deps.db.transaction().execute(async (tx) => {
    const { run, step, steps } = await lockedStep(tx, runId, stepId);
    mayActOn(actor, offerPermission(offers[decision], step.plan?.kind ?? step.kind), run, step, catalog);
    if (run.state === 'done' || run.state === 'cancelled') throw new AppError('already_done', 'This run has ended.');
    const event = decision === 'skip' && isWaiting(step) ? 'end-wait' : events[decision];
    if (after(step.state, event) === null) throw new AppError('already_done', 'The step has moved on; read it again.');
    const at = deps.clock.now();
    const set = change(run, step, at, steps);
    await update(tx, step, set);
    if (step.state === 'awaiting-approval') {
      await callOffRequests(tx, deps, { runId, stepId }, { at, by: actor.email, reason: set.reason ?? null });
    }
    const target = step.plan?.target;
    if (set.state === 'undone' && target) {
      await clearFollowUps(tx, target, actor.email, at);
      await deps.notify('follow-ups', tx);
    }
    if (run.state === 'prepared') await tx.updateTable('run').set({ state: 'open' }).where('id', '=', runId).execute();
    await deps.notify('runs', tx);
    await deps.notify(`run/${runId}`, tx);
    const entry = line(at, actor, `step.${decision}`, target ?? `run/${runId}`, runId, stepId, reason);
    if (decision === 'undo') {
      entry.before = step.plan?.after ?? null;
      entry.after = { hash: undoHash(step), after: step.captured };
    }
    const look = set.drive === undefined ? null : ((JSON.parse(set.drive) as StepDrive).look ?? null);
    await deps.send(tx, { runId, look });
    await deps.audit(tx, entry);
  });
}

/** A run with its steps in order, and one of them, held until the transaction ends. Throws AppError not_found. */
export async function lockedStep(
  tx: Tx,
  runId: string,
  stepId: string,
): Promise<{ run: RunRow; step: StepRow; steps: StepRow[] }> {
  const run = await tx.selectFrom('run').selectAll().where('id', '=', runId).forUpdate().executeTakeFirst();
  const steps = await tx
    .selectFrom('run_step')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('index')
    .forUpdate()
    .execute();
  const step = steps.find((one) => one.step_id === stepId);
  if (!run || !step) throw new AppError('not_found');
  return { run, step, steps };
}

/** What waits for approval waits no more. */
async function callOffRequests(
  tx: Tx,
  deps: Pick<RunStoreDeps, 'notify'>,
  about: { runId: string; stepId?: string },
  end: { at: number; by: string; reason: string | null },
): Promise<void> {
  await endRequests(tx, about, { outcome: 'called-off', ...end });
  await deps.notify('approvals', tx);
}

async function update(tx: Tx, step: StepRow, set: StepUpdate): Promise<void> {
  await tx
    .updateTable('run_step')
    .set(set)
    .where('run_id', '=', step.run_id)
    .where('step_id', '=', step.step_id)
    .execute();
}

/** The engine's position with the wish to end; without its token, so that the next job acts at once. */
function calledOff(step: StepRow, actor: Actor, reason: string): StepDrive {
  const { look: _look, ...drive } = step.drive;
  return { ...drive, cancel: { by: actor.name, reason: said(reason) } };
}

/** A reason that says something. Throws AppError reason_needed. */
export function said(reason: string): string {
  const text = reason.trim();
  if (text === '') throw new AppError('reason_needed', 'Say in one sentence why.', { field: 'reason' });
  return text;
}

function line(
  at: number,
  actor: Actor,
  action: string,
  target: string,
  runId: string,
  stepId: string | null,
  reason: string | null,
): NewAuditEntry {
  return {
    at,
    actor: decidedBy(actor),
    action,
    target,
    runId,
    stepId,
    reason,
    before: null,
    after: null,
    address: null,
  };
}
