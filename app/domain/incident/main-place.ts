import type { Suspect, SuspectList } from '../change/change.ts';
import type { Run, RunStep } from '../run/run.ts';
import type { Incident } from './incident.ts';

/** A step of a run, with its run. */
export interface StepOfRun {
  run: Run;
  step: RunStep;
}

/** What stands in the main place of an incident's page, and at the thumb. */
export type MainPlace =
  | { kind: 'acting'; at: StepOfRun }
  | { kind: 'reversal'; suspect: Suspect; planned: StepOfRun | null }
  | { kind: 'help' }
  | { kind: 'resolved' };

const acting = ['running', 'verifying', 'unknown', 'failed', 'awaiting-approval'] as const;

/** A reversal only at strong evidence, a change under way before it, and otherwise help: never an innocent change. */
export function mainPlace(incident: Pick<Incident, 'status'>, suspects: SuspectList | null, runs: Run[]): MainPlace {
  const at = actingSteps(runs)[0];
  if (at) return { kind: 'acting', at };
  if (incident.status === 'resolved') return { kind: 'resolved' };
  const main = suspects?.main;
  if (!main?.reversal || main.evidence !== 'strong') return { kind: 'help' };
  return { kind: 'reversal', suspect: main, planned: plannedStep(runs, main.target) };
}

/** Changes under way or in need of a decision, in the order of the runs. */
export function actingSteps(runs: Run[]): StepOfRun[] {
  return runs
    .filter((run) => run.state === 'open')
    .flatMap((run) => run.steps.map((step) => ({ run, step })))
    .filter(({ step }) => isChange(step) && acting.some((state) => state === step.state));
}

/** The step of an open or prepared run that already has this target's plan on the table. */
export function plannedStep(runs: Run[], target: string | null): StepOfRun | null {
  // A planned restore works on the same target, and is the opposite of a reversal.
  return stepsOn(runs, target).find(({ step }) => step.state === 'planned' && step.kind === 'stop') ?? null;
}

/**
 * The step that already reversed this target in these runs; null again once a later change of it went forward, or when it
 * is among those `turnedBack` since: the burn is back with it, and so must be its way out.
 */
export function doneStep(
  runs: Run[],
  target: string | null,
  turnedBack: readonly { run: string; step: string }[] = [],
): StepOfRun | null {
  const acted = stepsOn(runs, target)
    .filter(({ step }) => ['running', 'verifying', 'succeeded', 'unknown'].includes(step.state))
    .sort((a, b) => (b.step.confirmedAt ?? 0) - (a.step.confirmedAt ?? 0))[0];
  if (acted?.step.kind !== 'stop') return null;
  return turnedBack.some(({ run, step }) => run === acted.run.id && step === acted.step.id) ? null : acted;
}

/** When the latest change of these runs took effect, ms; null before any. */
export function latestEffect(runs: Run[]): number | null {
  const times = runs.flatMap((run) => run.steps.filter(isChange).map((step) => step.effectAt ?? 0));
  const latest = Math.max(0, ...times);
  return latest > 0 ? latest : null;
}

function stepsOn(runs: Run[], target: string | null): StepOfRun[] {
  if (!target) return [];
  return runs
    .filter((run) => run.state !== 'cancelled')
    .flatMap((run) => run.steps.map((step) => ({ run, step })))
    .filter(({ step }) => isChange(step) && step.plan?.target === target);
}

function isChange(step: RunStep): boolean {
  return step.kind === 'stop' || step.kind === 'forward';
}
