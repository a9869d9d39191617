import type { Catalog } from '../catalog.ts';
import { eventObjective } from '../slo/slices.ts';
import { impactSettle } from './impact.ts';
import type { RolloutPlan, RolloutStage } from './plan.ts';
import { type GuardFacts, type StageSight, stageSight } from './visible-harm.ts';

const dayMinutes = 1440;
const calendarDays = { day: 1, week: 7, month: 30, quarter: 91, year: 365 } as const;
/** ms that a metric's points take to be complete. */
const usualSettle = 240_000;

/** What the catalog knows of a stage's guards, in their order; a guard whose SLO is gone sees nothing. */
export function guardFacts(stage: Pick<RolloutStage, 'guards'>, catalog: Pick<Catalog, 'slos'>): GuardFacts[] {
  return stage.guards.map(({ source }) => {
    if (source.kind !== 'slo') {
      const settle = source.kind === 'impact' ? impactSettle : usualSettle;
      return { objective: 1 - source.under, periodMinutes: null, settle };
    }
    const slo = catalog.slos.find(({ id }) => id === source.slo);
    if (!slo) return { objective: 0, periodMinutes: null, settle: 0 };
    const days = slo.period.kind === 'rolling' ? slo.period.days : calendarDays[slo.period.unit];
    return { objective: eventObjective(slo), periodMinutes: days * dayMinutes, settle: slo.settle };
  });
}

/** What the guards of each stage can see, and what it may cost. */
export function planSight(plan: RolloutPlan, catalog: Pick<Catalog, 'slos'>): StageSight[] {
  return plan.stages.map((stage) => stageSight(stage, guardFacts(stage, catalog)));
}
