import type { VerificationState } from '../../domain/run/run.ts';
import type { Verification } from '../../domain/runbook/runbook.ts';
import { baselineBefore } from '../../domain/slo/baseline.ts';
import { createSeries, hourMs, minuteMs, setMinute } from '../../domain/slo/series.ts';
import { eventObjective, slicesOf } from '../../domain/slo/slices.ts';
import { judgedByText } from '../../domain/slo/units.ts';
import { judge } from '../../domain/slo/verification.ts';
import type { Bound } from './context.server.ts';
import type { EngineDeps } from './deps.ts';

/** How far back before the effect the judgement looks, ms. */
const lookBack = 2 * hourMs;

/** What the stored minutes of an SLO prove of an effect at `effectAt`, of one in slices those of its events; null while the SLO is not in the catalog. */
export async function verify(
  deps: EngineDeps,
  bound: Bound,
  requirement: Verification,
  effectAt: number,
): Promise<VerificationState | null> {
  const slo = bound.catalog.slos.find((one) => one.id === requirement.slo);
  if (!slo) return null;
  const now = deps.clock.now();
  const series = createSeries(2);
  const slices = slicesOf(slo);
  const counted = slices ? 'events' : 'budget';
  for (const { at, bad, total } of await deps.slos.minutes(slo.id, effectAt - lookBack, now + minuteMs, counted)) {
    setMinute(series, Math.round(at / minuteMs) - 1, bad, total);
  }
  const settledTo = Math.floor((now - slo.settle) / minuteMs) * minuteMs;
  const onset = bound.incident?.startedAt ?? null;
  const baseline = baselineBefore(series, effectAt, { onset, settledTo });
  return judge({
    // Where fewer events fail than make a slice bad, slices stay good: that is what is asked of them.
    requirement:
      slices?.method === 'Timeslices' ? { ...requirement, burnUnder: Math.min(1, requirement.burnUnder) } : requirement,
    effectAt,
    objective: eventObjective(slo),
    series,
    settleMs: slo.settle,
    now,
    baseline,
    note: judgedByText(slo),
    said: slo.indicator.kind === 'gauge' ? 'minutes were bad' : 'failed',
  });
}
