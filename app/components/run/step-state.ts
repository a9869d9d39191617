import type { RunStep, StepResult, StepState } from '../../domain/run/run.ts';
import type { Tone } from '../ui/chip.tsx';

const states: Record<StepState, { text: string; tone: Tone }> = {
  pending: { text: 'waits', tone: 'plain' },
  blocked: { text: 'blocked', tone: 'warn' },
  planned: { text: 'planned, nothing changed yet', tone: 'info' },
  'awaiting-approval': { text: 'waits for approval', tone: 'warn' },
  running: { text: 'running', tone: 'info' },
  verifying: { text: 'in effect, verifying', tone: 'info' },
  succeeded: { text: 'done', tone: 'ok' },
  failed: { text: 'failed', tone: 'bad' },
  unknown: { text: 'outcome unknown', tone: 'bad' },
  skipped: { text: 'skipped', tone: 'plain' },
  undone: { text: 'undone', tone: 'plain' },
};

const results: Record<Exclude<StepResult, 'none'>, { text: string; tone: Tone }> = {
  improved: { text: 'verified: improved', tone: 'ok' },
  not_improved: { text: 'not improved', tone: 'warn' },
  worse: { text: 'worse', tone: 'bad' },
  no_data: { text: 'not enough data to tell', tone: 'warn' },
};

/** What happened to a step's effect, in words and a tone. It is called in effect only once it was seen to be. */
export function stateWords({ state, effectAt, plan }: Pick<RunStep, 'state' | 'effectAt' | 'plan'>): {
  text: string;
  tone: Tone;
} {
  if (state === 'planned' && plan?.refused) return { text: 'cannot be done as it stands', tone: 'warn' };
  if (state === 'verifying' && plan?.kind === 'people') return { text: 'waiting', tone: 'info' };
  if (state === 'verifying' && effectAt === null) return { text: 'done, taking effect', tone: 'info' };
  return states[state];
}

/** What verification found, null when it has found nothing yet. */
export function resultWords(result: StepResult): { text: string; tone: Tone } | null {
  return result === 'none' ? null : results[result];
}
