import type { RunStep } from '../../domain/run/run.ts';

/** What an undo brings back. A plan says it of the moment it was made; once something was changed, that moment is past. */
export function undoWords(step: Pick<RunStep, 'state' | 'plan' | 'movedOn'>): string {
  const before = (step.plan?.diff ?? []).filter((line) => line.sign === '-').map((line) => line.text);
  if (step.state === 'planned' || before.length === 0) return step.plan?.undo ?? '';
  const restores = `restores what stood before: ${before.join(' · ')}.`;
  return step.movedOn ? `Overwrites what somebody else has set since, and ${restores}` : `R${restores.slice(1)}`;
}
