import type { WindowBurn } from './evaluation.ts';
import { slicesOf } from './slices.ts';
import type { Slo } from './slo.ts';
import { minimumCoverage } from './windows.ts';

/** Figures in words, the same on every page: plain English digits, a space before %, × for burn. */

/** A count with thousands separators: 53,800. */
export function countText(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A burn rate: 26×, 15.3×, 1,000×, "under 0.1×". */
export function burnText(burn: number): string {
  if (burn > 0 && burn < 0.05) return 'under 0.1×';
  if (burn >= 99.95) return `${countText(burn)}×`;
  return `${Number(burn.toFixed(1))}×`;
}

/** An estimated burn: "about 0.3×", and "under 0.1×" as it is. */
export function aboutBurnText(burn: number): string {
  const text = burnText(burn);
  return text.startsWith('under') ? text : `about ${text}`;
}

/**
 * The burn over a window, or why there is none: "no traffic" (of an SLO in slices "no slice") is said only where most of the window is
 * known; else "no data". Counts from which none can be computed (more bad events than there are) are a "data error".
 */
export function windowBurnText(
  { burn, coverage, total }: Pick<WindowBurn, 'burn' | 'coverage' | 'total'>,
  slo?: Pick<Slo, 'budgeting'>,
): string {
  if (burn !== null) return burnText(burn);
  if (coverage < minimumCoverage) return 'no data';
  if (total !== 0) return 'data error';
  return slo && slicesOf(slo) ? 'no slice' : 'no traffic';
}

/** A share of 0 to 1 in per cent, rounded down, so that 100 % means all of it: 31 %, 99.9 %, under 1 %. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 1) return 'under 1 %';
  if (percent > 99 && percent < 100) return `${Math.floor(percent * 10 + 1e-9) / 10} %`;
  const whole = Math.floor(percent + 1e-9);
  return `${whole < 0 ? `−${countText(-whole)}` : countText(whole)} %`;
}

/** What a part of a budget took, to a tenth of a per cent, so that small parts can be told apart and add up: 2.1 %, under 0.1 %. */
export function spentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return 'under 0.1 %';
  const [whole = '', tenth = '0'] = Math.abs(percent).toFixed(1).split('.');
  return `${percent < 0 ? '−' : ''}${countText(Number(whole))}.${tenth} %`;
}

/** An objective, which is never rounded: 99.95 %. */
export function objectiveText(objective: number): string {
  return `${Number((objective * 100).toFixed(6))} %`;
}

/** A length of time with its two largest units: 45 s, 42 min, 8 h 35 min, 3 d 4 h. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const two = (big: number, unit: string, small: number, rest: string) =>
    small === 0 ? `${big} ${unit}` : `${big} ${unit} ${small} ${rest}`;
  if (minutes < 1440) return two(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}
