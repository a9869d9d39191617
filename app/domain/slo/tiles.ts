import type { SloEvaluation, WindowBurn } from './evaluation.ts';
import { burnText, countText, durationText, shareText } from './figures.ts';
import { periodMinutes } from './profiles.ts';
import { minuteMs } from './series.ts';
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

function windowText({ burn, coverage }: WindowBurn): string {
  return burn === null && coverage === 0 ? 'no data' : burnText(burn);
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
      value: left === null ? 'no events' : shareText(left),
      detail: `of ${allowed}`,
      over: left !== null && left <= 0,
    },
    {
      label: 'Last hour',
      value: windowText(hour),
      detail: `${reaches(hour.burn, factor) ? 'over' : 'under'} ${burnText(factor)}`,
      over: reaches(hour.burn, factor),
    },
    {
      label: 'Last 5 min',
      value: windowText(five),
      detail: five.coverage > 0 ? `${countText(five.bad)} of ${countText(five.total)}` : 'unmeasured',
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
