import { durationText } from '../../domain/slo/figures.ts';
import type { Slo } from '../../domain/slo/slo.ts';

const DAY = 86_400_000;
const days = { day: 1, week: 7, month: 30, quarter: 91, year: 365 } as const;

/** What the whole budget is worth as full outage at even traffic: "of 43 min". */
export function budgetMinutes(slo: Pick<Slo, 'objective' | 'period'>): string {
  const length = slo.period.kind === 'rolling' ? slo.period.days : days[slo.period.unit];
  return `of ${durationText(length * DAY * (1 - slo.objective))}`;
}
