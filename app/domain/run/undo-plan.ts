import { canonicalValue } from '../audit/canonical.ts';
import type { Plan, RunStep } from './run.ts';

/** What taking a change back will do, as it is read before its button. */
export interface UndoPlan {
  diff: Plan['diff'];
  /** What comes back, in one sentence. */
  text: string;
  /** What is looked at before anything is written, in one sentence; empty where `text` says it. */
  check: string;
}

/** The reversal of a step. A plan's own words on undo are of the moment it was made; once something was changed, that moment is past. */
export function undoPlan({ state, plan, movedOn }: Pick<RunStep, 'state' | 'plan' | 'movedOn'>): UndoPlan {
  const lines = (sign: '-' | '+') => (plan?.diff ?? []).filter((line) => line.sign === sign).map(({ text }) => text);
  const before = lines('-');
  const stands = movedOn !== true && (state === 'succeeded' || state === 'verifying');
  const check = movedOn
    ? 'Overwrites what somebody else has set since.'
    : stands
      ? 'Looks at the target first: where somebody else has set it since, nothing is written and you are told.'
      : 'The step did not come to its end: what stands there now is overwritten, whatever it is.';
  // What stops something that goes on restores nothing: there the plan's own words hold at any time.
  if (state !== 'planned' && before.length === 0 && plan?.undo) return { diff: [], text: plan.undo, check: '' };
  // Planned again after a first move: that plan's lines are of the world half way.
  if (state === 'planned' || before.length === 0) {
    return { diff: [], text: 'Restores what stood before this step changed anything.', check };
  }
  const left = stands ? lines('+').slice(-1) : [];
  return {
    diff: [
      ...left.map((text) => ({ sign: '-' as const, text })),
      ...before.map((text) => ({ sign: '+' as const, text })),
    ],
    text: `Restores what stood before: ${before.join(' · ')}.`,
    check,
  };
}

/**
 * The text whose SHA-256 an undo is bound to: what is restored where, after which change, and whether somebody else's is
 * overwritten. So nobody takes back something else than what they read.
 */
export function boundUndoText(step: Pick<RunStep, 'plan' | 'captured' | 'movedOn'>): string {
  const { plan, captured, movedOn = false } = step;
  const { action, target, after } = plan ?? { action: null, target: null, after: null };
  return JSON.stringify(canonicalValue({ undo: action, target, after, restores: captured, overwrites: movedOn }));
}
