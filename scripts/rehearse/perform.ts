import type { Act } from '#app/domain/rehearsal/rehearsal.ts';
import type { RunStep } from '#app/domain/run/run.ts';
import { errorCode } from '#app/errors.ts';
import { advance, current, rests } from './advance.ts';
import { breakWorld, heal } from './break-world.ts';
import { actorOf, darken, type Play, readRun, Stuck } from './play.ts';

/** Does one act of a case, as soon as the run has come to where it can be done. Throws `Stuck`. */
export async function perform(play: Play, runId: string, act: Act, path: string): Promise<void> {
  const { stage, pace, catalog, runbook } = play;
  if (act.do === 'wait') return pace.pass(act.for);
  if (act.do === 'heal') {
    for (const name of act.faults) await heal(stage.sim, name, catalog);
    play.down.clear();
    pace.dim(false);
    return;
  }
  if (act.do === 'fault') {
    darken(play, act.fault);
    return breakWorld(stage.sim, act.fault, catalog, runbook.service);
  }
  const refused = await refusalOf(() => decide(play, runId, act, path));
  if (act.refused === null) {
    if (refused !== null) throw new Stuck(path, `${who(act)} was refused: ${refused}`);
  } else if (refused === null) throw new Stuck(path, `${who(act)} was not refused ("${act.refused}" was expected).`);
  else if (!refused.includes(act.refused))
    throw new Stuck(path, `${who(act)} was refused with "${refused}", where "${act.refused}" was expected.`);
}

type Decision = Exclude<Act, { do: 'wait' | 'heal' | 'fault' }>;

function who(act: Decision): string {
  return `${act.by}'s ${act.do}${'step' in act ? ` of ${act.step}` : ''}`;
}

async function decide(play: Play, runId: string, act: Decision, path: string): Promise<void> {
  const { runs } = play.stage.stores;
  const actor = actorOf(play, act.by);
  const reason = ('reason' in act && act.reason) || null;
  const said = reason ?? 'As rehearsed.';
  switch (act.do) {
    case 'confirm': {
      const step = await untilStep(play, runId, act.step, path, planned);
      const { outcome } = act;
      const acknowledged = reason !== null;
      await runs.confirm({
        runId,
        stepId: step.id,
        hash: step.planHash ?? '',
        reason,
        acknowledged,
        outcome,
        actor,
        address: null,
      });
      return;
    }
    case 'skip':
      await untilStep(play, runId, act.step, path, (step) => skippable.has(step.state));
      return runs.skip({ runId, stepId: act.step, reason: said, actor });
    case 'undo': {
      const step = await untilStep(play, runId, act.step, path, ({ undoable }) => undoable);
      return runs.undo({ runId, stepId: step.id, hash: step.undoHash ?? '', reason, actor });
    }
    case 'take-over':
      await untilStep(play, runId, act.step, path, ({ state }) => state === 'blocked');
      return runs.takeOver({ runId, stepId: act.step, reason: said, actor });
    case 'decide':
      await untilStep(play, runId, act.step, path, ({ state }) => state === 'unknown' || state === 'failed');
      return runs.resolveUnknown({ runId, stepId: act.step, decision: act.as, actor });
    case 'approve':
    case 'reject': {
      const step = await untilStep(play, runId, act.step, path, ({ state }) => state === 'awaiting-approval');
      const decision = { runId, stepId: step.id, hash: step.planHash ?? '', actor, address: null };
      return act.do === 'approve' ? runs.approve(decision) : runs.reject({ ...decision, reason: act.reason });
    }
    case 'break-glass': {
      const stands = (one: RunStep) => planned(one) || one.state === 'awaiting-approval';
      const step = await untilStep(play, runId, act.step, path, stands);
      const hash = step.planHash ?? '';
      const glass = { reason: act.reason, acknowledged: true, address: null };
      return runs.breakGlass({ runId, stepId: step.id, hash, actor, ...glass });
    }
    case 'cancel':
      return runs.cancel({ runId, reason: act.reason, actor });
  }
}

const skippable = new Set<RunStep['state']>(['planned', 'awaiting-approval', 'failed', 'blocked']);

function planned({ state, plan }: RunStep): boolean {
  return state === 'planned' && plan !== null;
}

/** Waits until a step is where the act needs it. Throws `Stuck` as soon as it cannot come there any more. */
async function untilStep(
  play: Play,
  runId: string,
  id: string,
  path: string,
  ready: (step: RunStep) => boolean,
): Promise<RunStep> {
  const begun = performance.now();
  let looks = 0;
  for (;;) {
    const run = await readRun(play, runId);
    const step = run.steps.find((one) => one.id === id);
    if (!step) throw new Stuck(path, `The run has no step ${id}.`);
    if (ready(step)) return step;
    // An act that was just confirmed takes the engine a moment: what rests has to rest for a while.
    looks = rests(run) ? looks + 1 : 0;
    if (looks >= 15 || performance.now() - begun > play.pace.patience())
      throw new Stuck(path, whereItStands(step, current(run)));
    await advance(play, runId);
  }
}

function whereItStands(step: RunStep, turn: RunStep | null): string {
  const why = (one: RunStep) => (one.reason ? `: ${one.reason}` : '');
  const own = `${step.id} is ${step.state}${why(step)}`;
  if (turn === null || turn.id === step.id) return own;
  return `${own}. The run stands at ${turn.id}, which is ${turn.state}${why(turn)}`;
}

/** What the console says where it refuses; null when it does not. */
async function refusalOf(run: () => Promise<void>): Promise<string | null> {
  try {
    await run();
    return null;
  } catch (error) {
    if (errorCode(error) === null) throw error;
    return (error as Error).message;
  }
}
