import { unjudged } from './judged.ts';
import type { RunStep, StepResult } from './run.ts';

type Done = Pick<RunStep, 'kind' | 'state' | 'result' | 'title' | 'plan' | 'confirmedBy' | 'confirmedAt'>;

const verdicts: Record<StepResult, string> = {
  improved: 'verified, the burn fell',
  not_improved: 'in effect, and the burn did not fall',
  worse: 'in effect, and it burns more than before',
  no_data: 'in effect; too little data to tell whether it helped',
  none: 'done',
};

/** What the steps of a run changed, a line each for people who do not see the run: what, where, by whom, when (UTC), and what became of it. */
export function doneLines(steps: readonly Done[]): string[] {
  return steps.filter(changed).map((step) => `${whatText(step)}: ${verdict(step)}`);
}

/** "Undone: Bring voiceover-v2 to off in production (flag/production/voiceover-v2), by Grace at 03:40 UTC." and what is there again. */
export function undoneText(step: Omit<Done, 'state' | 'kind' | 'result'>): string {
  const before = (step.plan?.diff ?? []).filter(({ sign }) => sign === '-').map(({ text }) => text);
  return `Undone: ${whatText(step)}.${before.length > 0 ? ` There again: ${before.join(' · ')}.` : ''}`;
}

/** A change that was confirmed and not called off. */
function changed({ kind, plan, state, confirmedAt }: Done): boolean {
  const change = ['stop', 'forward'].includes(plan?.kind ?? kind);
  return change && confirmedAt !== null && !['pending', 'planned', 'awaiting-approval', 'skipped'].includes(state);
}

function whatText({ title, plan, confirmedBy, confirmedAt }: Omit<Done, 'state' | 'kind' | 'result'>): string {
  const target = plan?.target ? ` (${plan.target})` : '';
  const at = confirmedAt === null ? '' : ` at ${new Date(confirmedAt).toISOString().slice(11, 16)} UTC`;
  return `${plan?.title ?? title}${target}, by ${confirmedBy ?? 'nobody'}${at}`;
}

function verdict({ state, result, plan }: Done): string {
  if (state === 'succeeded')
    return unjudged(plan) && result === 'none' ? 'done; no SLO judged it in its run' : verdicts[result];
  if (state === 'undone') return 'undone';
  if (state === 'failed') return 'failed';
  return state === 'unknown' ? 'its outcome is not known' : 'under way';
}
