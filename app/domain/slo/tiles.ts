import type { SloEvaluation } from './evaluation.ts';
import { burnText, countText, durationText, shareText, windowBurnText } from './figures.ts';
import { periodMinutes } from './profiles.ts';
import { minuteMs } from './series.ts';
import { badText, countedUnits } from './units.ts';
import { reaches } from './windows.ts';
import type { SpokenSlo } from './words.ts';

/** One tile under the sentence: a label, the figure, and its bound or unit (a moment where `to` is set). */
export interface SloTile {
  label: string;
  value: string;
  detail: string;
  to?: number;
  /** True when the figure is over its bound. */
  over: boolean;
}

/** Where a burn stands to a bound; where there is no burn, the bound alone. */
export function boundText(burn: number | null, factor: number): string {
  if (burn === null) return `bound ${burnText(factor)}`;
  return `${reaches(burn, factor) ? 'over' : 'under'} ${burnText(factor)}`;
}

/** The four figures behind the sentence: budget left, last hour, last 5 minutes, coverage of the last hour. */
export function sloTiles(slo: SpokenSlo, evaluation: SloEvaluation): SloTile[] {
  const { windows, period, factor, dataTo } = evaluation;
  const allowed = durationText((1 - slo.objective) * periodMinutes(slo.period) * minuteMs);
  const left = period.budgetRemaining;
  const [hour, five] = [windows['1h'], windows['5m']];
  return [
    {
      label: 'Budget left',
      value: left === null ? `no ${countedUnits(slo)}` : shareText(left),
      detail: `of ${allowed}`,
      over: left !== null && left <= 0,
    },
    {
      label: 'Last hour',
      value: windowBurnText(hour, slo),
      detail: boundText(hour.burn, factor),
      over: reaches(hour.burn, factor),
    },
    {
      label: 'Last 5 min',
      value: windowBurnText(five, slo),
      detail: five.coverage > 0 ? `${badText(slo, five.bad)} of ${countText(five.total)}` : 'unmeasured',
      over: reaches(five.burn, factor),
    },
    {
      label: 'Coverage',
      value: shareText(hour.coverage),
      detail: dataTo === null ? 'no data yet' : 'to',
      ...(dataTo === null ? {} : { to: dataTo }),
      over: hour.coverage < 1,
    },
  ];
}
