import { durationText, shareText } from '../slo/figures.ts';
import type { Rollout } from './rollout.ts';
import { isEnded, type RolloutState } from './transitions.ts';
import type { StageSight } from './visible-harm.ts';

/** States as people read them. */
export const stateWords: Record<RolloutState, string> = {
  draft: 'drawn up',
  approved: 'started',
  preflight: 'before a step',
  applying: 'taking a step',
  verifying: 'waiting until the step is in effect',
  baking: 'watched',
  held: 'held',
  rolling_back: 'rolling back',
  rolled_back: 'rolled back',
  rollback_unverified: 'rollback not proven',
  done: 'done',
  superseded: 'superseded',
  cancelled: 'called off',
};

/** Share that the rollout has set by now; null before its first step. */
function shareNow({ stage, effectAt, plan, state }: Pick<Rollout, 'stage' | 'effectAt' | 'plan' | 'state'>) {
  if (state === 'rolled_back' || state === 'cancelled') return null;
  if (state === 'done') return plan.stages.at(-1)!.percent;
  return effectAt !== null ? plan.stages[stage]!.percent : (plan.stages[stage - 1]?.percent ?? null);
}

/** The moment of the next step as far as it is known: when the data of the present stage are complete. `settle` ms. */
export function nextStepAt({ effectAt, plan, stage, state }: Rollout, settle: number): number | null {
  if (effectAt === null || isEnded(state) || state === 'rolling_back') return null;
  return Math.ceil(effectAt / 60_000) * 60_000 + plan.stages[stage]!.hold + settle;
}

/** What the next step waits for besides time, in whole sentences: data that come late (`settle` ms), and somebody's word; null for neither. */
export function waitsForWords({ plan, stage, approvals }: Rollout, settle: number): string | null {
  const late = `The last ${durationText(settle)} of that are for its data: a stage is judged only once they are in.`;
  const asked = approvals[stage + 1] ? [] : (plan.stages[stage + 1]?.approve ?? []);
  const word = `The step then waits for the word of ${asked.join(' or ')}.`;
  return [settle > 0 && late, asked.length > 0 && word].filter(Boolean).join(' ') || null;
}

/** "25 % of production, held because …": where a rollout stands, without clock times. */
export function standingWords(rollout: Rollout): string {
  const { subject } = rollout;
  const share = shareNow(rollout);
  const where = subject.kind === 'flag' ? subject.environment : `the requests to ${subject.service}`;
  const has = share === null ? '' : `${rollout.shadow ? 'would be at ' : ''}${share} % of ${where}`;
  return [has, whyWords(rollout)].filter(Boolean).join(', ');
}

/** "held because no data comes", "watched": what a rollout does now, and why it does nothing. */
export function whyWords({ state, held }: Pick<Rollout, 'state' | 'held'>): string {
  return state === 'held' && held ? `held because ${reasonWords[held.reason]}` : stateWords[state];
}

const reasonWords: Record<NonNullable<Rollout['held']>['reason'], string> = {
  'no-data': 'no data comes',
  'provider-error': 'the source of its data fails',
  insufficient: 'there are too few requests',
  budget: 'the error budget is nearly spent',
  incident: 'something burns',
  frozen: 'changes are frozen',
  approval: 'it waits for approval',
  person: 'nobody answers for it',
  mode: 'Firebreak only observes',
  step: 'its step needs a person',
  'takes-away': 'it would take it away from people',
  paused: 'somebody paused it',
};

/** The smallest harm that a stage's guards see, in one sentence. */
export function sightWords({ blind, leastVisible }: StageSight, percent: number): string {
  if (blind || leastVisible === null) {
    return `Blind: not even a total failure of the ${percent} % would be seen. This stage is not guarded.`;
  }
  if (leastVisible * 100 < 1) return `Seen once ${tenths(leastVisible)} of those who have it fail.`;
  return `Seen once ${shareText(Math.min(1, Math.ceil(leastVisible * 100 - 1e-9) / 100))} of those who have it fail.`;
}

/** What a stage may cost, in budget: "may cost at most 4 minutes of the 43 minutes of its budget". */
export function costWords({ cost }: StageSight): string {
  const minutes = minutesText(cost.minutes);
  if (cost.of === null) return `may cost at most ${minutes} of total outage`;
  const over = cost.minutes > cost.of ? ', more than all of it' : '';
  return `may cost at most ${minutes} of budget, of ${minutesText(cost.of)} in all${over}`;
}

function minutesText(minutes: number): string {
  return minutes >= 10
    ? durationText(Math.ceil(minutes) * 60_000)
    : `${Math.max(0.1, Math.ceil(minutes * 10) / 10)} min`;
}

function tenths(share: number): string {
  return `${Math.max(0.1, Math.ceil(share * 1000) / 10)} %`;
}
