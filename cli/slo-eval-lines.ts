import type { ReplayStep } from '#app/domain/alert/replay.ts';
import { tierWords } from '#app/domain/alert/transition.ts';
import type { DeclaredSlo } from '#app/domain/slo/declared.ts';
import { shareText, windowBurnText } from '#app/domain/slo/figures.ts';
import { windowNames } from '#app/domain/slo/slo.ts';

/** A step as a line of JSON. `several`: the document has more objectives, so the line says which. */
export function jsonLine(
  slo: DeclaredSlo,
  several: boolean,
  { at, windows, period, condition, tier }: ReplayStep,
): string {
  const shown: Record<string, unknown> = {};
  for (const name of windowNames) {
    const { bad, total, burn, coverage } = windows[name];
    shown[name] = { bad, total, burn, coverage };
  }
  return JSON.stringify({
    at: new Date(at).toISOString(),
    slo: slo.id,
    ...(several ? { objective: slo.objective } : {}),
    windows: shown,
    period,
    alert: {
      state: tier === null ? 'ok' : tier.startsWith('page') ? 'page' : 'ticket',
      tier,
      ...(condition === 'traffic-vanished' ? { reason: condition } : {}),
    },
  });
}

/** A step as a line for people. */
export function textLine(slo: DeclaredSlo, { at, windows, period, condition, reason, tier }: ReplayStep): string {
  const burns = windowNames.map((name) => `${name} ${windowBurnText(windows[name])}`);
  const budget =
    period.budgetRemaining === null ? 'no events' : `${shareText(period.budgetRemaining)} of the budget left`;
  const head = `${new Date(at).toISOString()}  ${slo.id}  ${tier === null ? 'ok' : tierWords[tier]}`;
  return `${head}  ${budget}  (${burns.join(', ')})${condition === 'ok' ? '' : `  ${reason}`}`;
}
