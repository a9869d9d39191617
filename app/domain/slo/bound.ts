import type { SloCondition, WindowBurn } from './evaluation.ts';

/** An SLO as last evaluated, as far as a question about its burn needs it. */
export interface EvaluatedSlo {
  error: string | null;
  evaluation: { condition: SloCondition };
}

/** Bounds on a burn rate; those that are not named hold. */
export interface BurnBounds {
  over?: number;
  under?: number;
}

/** Whether a window's burn is within its bounds; null without data, or with data that is not current. */
export function withinBounds(
  state: EvaluatedSlo,
  { burn }: Pick<WindowBurn, 'burn'>,
  bounds: BurnBounds,
): boolean | null {
  if (burn === null || state.error !== null || state.evaluation.condition !== 'ok') return null;
  return (bounds.over === undefined || burn > bounds.over) && (bounds.under === undefined || burn < bounds.under);
}
