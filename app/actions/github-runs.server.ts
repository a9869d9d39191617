import type { GitHubRead, WorkflowPlace, WorkflowRun } from '../clients/github/port.ts';
import type { ActionContext } from './action.ts';

/** How GitHub is waited for, wall ms. */
export interface Patience {
  /** Between two looks. */
  every: number;
  /** Until a dispatched run is listed; GitHub takes seconds. */
  listed: number;
  /** Until a cancelled run has ended. */
  ended: number;
}

/** GitHub's clock may be behind ours, and a plan is older than its dispatch: runs are looked for from a little before it, data ms. */
const slack = 10 * 60_000;

/** The run whose title holds a key: exactly this one, never one that begins like it. The newest where several do. */
export function runWithKey(runs: readonly WorkflowRun[], key: string): WorkflowRun | null {
  const holds = ({ title }: WorkflowRun) => {
    const at = title.indexOf(key);
    return at >= 0 && !/\d/.test(title[at + key.length] ?? '');
  };
  return [...runs].sort((a, b) => b.createdAt - a.createdAt).find(holds) ?? null;
}

/** The newest run of a step, whichever try of it made it. */
export function newestOf(runs: readonly WorkflowRun[], prefix: string): WorkflowRun | null {
  return [...runs].sort((a, b) => b.createdAt - a.createdAt).find(({ title }) => title.includes(prefix)) ?? null;
}

/** Looks for the run with a key among those dispatched since its plan was read, for as long as `listed` says; null when it is not listed. */
export async function findRun(
  read: GitHubRead,
  place: WorkflowPlace,
  key: string,
  readAt: number,
  signal: AbortSignal,
  { every, listed }: Pick<Patience, 'every' | 'listed'>,
): Promise<WorkflowRun | null> {
  const until = Date.now() + listed;
  for (;;) {
    const found = runWithKey(await read.dispatched(place, readAt - slack, signal), key);
    if (found !== null || Date.now() >= until) return found;
    await pause(every, signal);
  }
}

/** A run dispatched since a plan was read whose title names no key of ours: a dispatch of ours, where the workflow does not repeat the key. Null when every run names one. */
export async function runWithoutKey(
  read: GitHubRead,
  place: WorkflowPlace,
  readAt: number,
  signal: AbortSignal,
): Promise<WorkflowRun | null> {
  const runs = await read.dispatched(place, readAt - slack, signal);
  return runs.find(({ title }) => !/\/apply\/\d/.test(title)) ?? null;
}

/** Waits until a run has ended; returns it as it was last seen. */
export async function untilEnded(
  read: GitHubRead,
  repo: string,
  id: number,
  signal: AbortSignal,
  { every, ended }: Pick<Patience, 'every' | 'ended'>,
): Promise<WorkflowRun> {
  const until = Date.now() + ended;
  for (;;) {
    const run = await read.run(repo, id, signal);
    if (run.status === 'completed' || Date.now() >= until) return run;
    await pause(every, signal);
  }
}

/** What every try of a step's dispatch begins its key with. */
export function keyOfStep({ run, step }: ActionContext): string {
  return `${run.id}/${step.id}/apply/`;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve, ms));
  signal.throwIfAborted();
}
