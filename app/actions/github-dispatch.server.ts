import type { GitHubRead, GitHubWrite, WorkflowRun } from '../clients/github/port.ts';
import { lockTarget } from '../domain/run/catalogue.ts';
import { shellWord } from '../domain/run/commands/shell-word.ts';
import type { Plan, Precondition } from '../domain/run/run.ts';
import { parseDuration } from '../domain/runbook/durations.ts';
import { durationText } from '../domain/slo/figures.ts';
import { AppError, errorCode } from '../errors.ts';
import { OutsideError } from '../platform/outside-error.ts';
import type { Action, ActionContext, Applied, Followed, Move } from './action.ts';
import { findRun, keyOfStep, newestOf, type Patience, runWithoutKey, untilEnded } from './github-runs.server.ts';
import { blankPlan } from './plan-parts.ts';

/** What is dispatched, as its hash covers it. The commit stands in `before`: a branch that moved asks again. */
interface Dispatched {
  repo: string;
  workflow: string;
  ref: string;
  inputs: Record<string, string>;
  keyInput: string;
}

const usualPatience: Patience = { every: 1_000, listed: 20_000, ended: 60_000 };
const usualKeyInput = 'firebreak_key';
/** Data ms that a workflow may take unless its step says otherwise. */
const usualWithin = 3_600_000;
const lookEvery = 10_000;
/** A plan may have been read again since its dispatch: a run of the step is looked for this much further back, data ms. */
const cancelWithin = 7 * 24 * 3_600_000;

/**
 * `github.dispatch`: starts a workflow and follows it to its end. GitHub answers a dispatch without an id, so the key goes
 * out as an input that the workflow's `run-name` repeats, and is looked up before anything is dispatched again.
 */
export function githubDispatch(deps: { read: GitHubRead; write: GitHubWrite; patience?: Patience }): Action {
  const { read, write } = deps;
  const patience = deps.patience ?? usualPatience;
  /** Keys that GitHub took in this process: a run that is not listed yet is then on its way, and not missing. */
  const taken = new Set<string>();

  const find = (context: ActionContext, plan: Plan, key: string, listed = patience.listed) =>
    findRun(read, plan.after as Dispatched, key, plan.readAt, context.signal, { ...patience, listed });

  const applied = ({ id, title, url, status }: WorkflowRun): Applied => ({
    next: 'done',
    progress: { id },
    evidence: { workflowRun: title, address: url, status },
    outputs: { url },
  });

  return {
    uses: 'github.dispatch',
    recovery: 'verifiable',

    // While it runs, nobody can see whether it was asked to end; asking twice does no more.
    repeatable: (_move, direction) => direction === 'undo',

    async plan(context) {
      const after = dispatchOf(context);
      const { repo, workflow, ref, inputs, keyInput } = after;
      const base = blankPlan(context, {
        kind: 'forward',
        target: lockTarget('github.dispatch', context.input, null),
        title: `Start ${workflow} of ${repo} on ${ref}`,
        confirmLabel: `Start${context.step.verify ? ' and verify' : ''}`,
        after,
      });
      if (read.missing) return { plan: { ...base, refused: read.missing }, capture: null };
      const since = context.now() - 24 * 3_600_000;
      const [found, sha, recent] = await Promise.all([
        read.workflow(after, context.signal),
        read.commit(repo, ref, context.signal),
        read.dispatched(after, since, context.signal),
      ]);
      const plan = {
        ...base,
        before: { sha },
        diff: [
          { sign: '+' as const, text: `${found.name} (${workflow}) on ${ref} at ${sha.slice(0, 7)}` },
          ...Object.entries(inputs).map(([name, value]) => ({ sign: '+' as const, text: `${name}: ${value}` })),
        ],
        preconditions: [underWay(recent)],
        blast: [`Whatever ${workflow} does: Firebreak sees how it ends.`],
        effect: `When the workflow has ended well; after ${durationText(withinOf(context))} it counts as failed.`,
        effectMs: null,
        undo: 'Cancels the workflow, if it is still under way. What it did by then stays.',
        commands: [{ label: 'Start it', command: command(after, keyInput) }],
        refused: found.active ? null : `${workflow} is disabled on GitHub.`,
      };
      return { plan, capture: { cancel: workflow } };
    },

    async apply(context, move) {
      const after = move.plan.after as Dispatched;
      const before = await find(context, move.plan, move.key, 0);
      if (before) return applied(before);
      context.emit(`Asks GitHub to start ${after.workflow} of ${after.repo} on ${after.ref}.`);
      const inputs = { ...after.inputs, [after.keyInput]: move.key };
      await write.dispatch(after, after.ref, inputs, context.signal);
      taken.add(move.key);
      context.emit('GitHub took it; its run is not listed yet.');
      const run = await find(context, move.plan, move.key);
      if (run) return applied(run);
      const why = `GitHub took it, and lists no run with its key: does ${after.workflow} repeat ${after.keyInput} in its run-name?`;
      throw new OutsideError('GitHub', 'timeout', why);
    },

    async observe(context, move, direction) {
      if (direction === 'undo') return observeCancel(await newest(context, move));
      const run = await find(context, move.plan, move.key);
      if (run) return { state: 'done', text: `it is there: ${run.url}`, applied: applied(run) };
      if (taken.has(move.key)) return { state: 'unknown', text: 'GitHub took it, and lists no run with its key' };
      const other = await runWithoutKey(read, move.plan.after as Dispatched, move.plan.readAt, context.signal);
      return other
        ? { state: 'unknown', text: `GitHub lists a run that names no key, which may be this one: ${other.url}` }
        : { state: 'not_done', text: 'GitHub lists no run with its key' };
    },

    async undo(context, move) {
      const run = await newest(context, move);
      if (!run) throw new AppError('bad_input', 'GitHub lists no run of this step.');
      if (run.conclusion === 'cancelled') return applied(run);
      if (run.status === 'completed')
        throw new AppError('bad_input', `It has ended already, as ${run.conclusion}. Nothing is left to undo.`);
      const { repo } = move.plan.after as Dispatched;
      await write.cancel(repo, run.id, context.signal);
      return applied(await untilEnded(read, repo, run.id, context.signal, patience));
    },

    async settled(context, move) {
      return (await newest(context, move))?.status === 'completed';
    },

    async follow(context, move, evidenceBefore, doneAt) {
      const { repo } = move.plan.after as Dispatched;
      const run = await read
        .run(repo, (move.progress as { id: number }).id, context.signal)
        .catch((error: unknown) => (errorCode(error) === 'not_found' ? null : Promise.reject(error)));
      if (!run) return goneFrom(move, evidenceBefore);
      const { evidence, progress } = applied(run);
      context.emit(`GitHub: ${run.title} is ${run.conclusion ?? run.status}, ${run.url}`);
      const going = { evidence, progress, effectAt: null, ended: false, failed: null, lookIn: lookEvery };
      const said = { ...going, evidence: { workflowRun: run.title, address: run.url, ended: run.conclusion } };
      if (run.status === 'completed') {
        const ended = { ...said, ended: true, settled: true };
        if (run.conclusion === 'success') return { ...ended, effectAt: context.now() };
        return { ...ended, failed: `The workflow ended as ${run.conclusion}: ${run.url}` };
      }
      const within = withinOf(context);
      if (context.now() - doneAt < within) return going;
      return { ...going, failed: `The workflow did not end within ${durationText(within)}: ${run.url}` };
    },
  };

  /** The newest run of this step, whichever try of it made it. */
  async function newest(context: ActionContext, move: Move): Promise<WorkflowRun | null> {
    const after = move.plan.after as Dispatched;
    const since = move.plan.readAt - cancelWithin;
    return newestOf(await read.dispatched(after, since, context.signal), keyOfStep(context));
  }
}

function goneFrom({ progress }: Move, evidence: unknown): Followed {
  const failed = 'GitHub no longer knows this run: how it ended is not known.';
  return { evidence, progress, effectAt: null, ended: true, failed, lookIn: lookEvery, settled: true };
}

function observeCancel(run: WorkflowRun | null): Awaited<ReturnType<Action['observe']>> {
  if (!run) return { state: 'unknown', text: 'GitHub lists no run of this step' };
  if (run.status !== 'completed') return { state: 'unknown', text: 'it is still being cancelled' };
  const done = {
    next: 'done' as const,
    progress: null,
    evidence: { address: run.url, ended: run.conclusion },
    outputs: {},
  };
  return run.conclusion === 'cancelled'
    ? { state: 'done', text: 'it is cancelled', applied: done }
    : { state: 'not_done', text: `it had ended as ${run.conclusion} before it could be cancelled` };
}

function dispatchOf({ input }: ActionContext): Dispatched {
  const given = (input.inputs ?? {}) as Record<string, unknown>;
  return {
    repo: String(input.repo),
    workflow: String(input.workflow),
    ref: String(input.ref),
    inputs: Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])),
    keyInput: String(input.key_input ?? usualKeyInput),
  };
}

function withinOf({ input }: ActionContext): number {
  return parseDuration(String(input.within ?? '')) ?? usualWithin;
}

function underWay(recent: readonly WorkflowRun[]): Precondition {
  const going = recent.filter((run) => run.status !== 'completed');
  if (going.length === 0) return { state: 'pass', text: 'No run of it is under way.' };
  const text = `${going.length === 1 ? 'A run' : `${going.length} runs`} of it is under way: ${going[0]!.url}`;
  return { state: 'fail', text: `No run of it is under way. ${text}` };
}

function command({ repo, workflow, ref, inputs }: Dispatched, keyInput: string): string {
  const all = { ...inputs, [keyInput]: 'by-hand' };
  const fields = Object.entries(all).map(([name, value]) => ` -f ${shellWord(`${name}=${value}`)}`);
  return `gh workflow run ${shellWord(workflow)} --repo ${shellWord(repo)} --ref ${shellWord(ref)}${fields.join('')}`;
}
