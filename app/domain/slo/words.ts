import type { SloEvaluation, WindowBurn } from './evaluation.ts';
import { burnText, countText, durationText, objectiveText, shareText } from './figures.ts';
import { slicesOf } from './slices.ts';
import type { Slo } from './slo.ts';
import { unitOf } from './units.ts';

/** A piece of a sentence: text, a stressed figure, or a moment (ms) shown in the viewer's zone, as a clock time or as a day. */
export type WordPart = string | { em: string } | { at: number; em?: boolean; as?: 'clock' | 'day' };

/** The parts of an SLO that words need. */
export type SpokenSlo = Pick<Slo, 'indicator' | 'period' | 'service' | 'objective' | 'budgeting'>;

type Failing = Pick<Slo, 'indicator' | 'budgeting'>;

/**
 * "1 request in 38 fails", "9 requests in 10 fail", "Every request fails", "1 request in 12 takes 500 ms or more", "1 slice in 12 is
 * bad".
 */
export function failureText(slo: Failing, { bad, total }: Pick<WindowBurn, 'bad' | 'total'>): string {
  const share = bad / total;
  const [one, many] = [spokenUnit(slo), spokenUnit(slo, true)];
  const mean = slicesOf(slo)?.method === 'RatioTimeslices' ? ', in the mean of the slices' : '';
  if (share === 1) return `Every ${one} ${failing(slo, 1)}`;
  if (share > 0.95) return `Nearly every ${one} ${failing(slo, 1)}${mean}`;
  if (share > 0.4) return `${Math.round(share * 10)} ${many} in 10 ${failing(slo, 2)}${mean}`;
  return `1 ${one} in ${countText(total / bad)} ${failing(slo, 1)}${mean}`;
}

/** What is bad or not: slices that count as good or bad; else requests, also where slices count by their share of bad ones. */
export function spokenUnit(slo: Failing, plural = false): string {
  const { one, many } = unitOf(isGoodOrBad(slo) ? slo : {});
  return plural ? many : one;
}

function isGoodOrBad(slo: Failing): boolean {
  return slicesOf(slo)?.method === 'Timeslices';
}

/** The verb of what is bad, for none, one or several. */
export function failing(slo: Failing, number: 0 | 1 | 2): string {
  const plural = number === 2;
  if (isGoodOrBad(slo)) return plural ? 'are bad' : 'is bad';
  const { indicator } = slo;
  if (indicator.kind !== 'latency') return plural ? 'fail' : 'fails';
  const { max } = indicator.source;
  if (max === null) return plural ? 'are out of range' : 'is out of range';
  return `${plural ? 'take' : 'takes'} ${max >= 1000 ? `${Number((max / 1000).toFixed(1))} s` : `${max} ms`} or more`;
}

/** Whose budget: "the month's", "the week's", "the 28-day". */
export function budgetName({ period }: Pick<Slo, 'period'>): string {
  if (period.kind === 'calendar') return `the ${period.unit}'s budget`;
  const names: Record<number, string> = { 1: "the day's", 7: "the week's", 30: "the month's", 90: "the quarter's" };
  return `${names[period.days] ?? `the ${period.days}-day`} budget`;
}

/** Title of the incident an SLO opens. */
export function incidentTitle(slo: Pick<Slo, 'service' | 'indicator'>, evaluation: SloEvaluation): string {
  if (evaluation.condition === 'traffic-vanished') return `${slo.service} lost its traffic`;
  if (slo.indicator.kind === 'gauge') return `${slo.service} is out of its bounds and burns its budget`;
  return slo.indicator.kind === 'latency'
    ? `${slo.service} is slow and burns its latency budget`
    : `${slo.service} is burning its error budget`;
}

const headLength = 60;

/**
 * Text of the page in PagerDuty: the first 60 characters say what fails, how much, and the likeliest change, since that is
 * what a phone shows; then until when, with UTC times. At most 1,024 characters.
 */
export function pageSummary(slo: SpokenSlo, evaluation: SloEvaluation, change: string | null): string {
  const now = evaluation.windows['5m'];
  const service = shorten(slo.service, 20);
  const what =
    evaluation.condition === 'traffic-vanished'
      ? `${service}: traffic vanished`
      : now.burn === null || now.bad === 0
        ? `${service}: burning its budget`
        : `${service}: ${shareShort(now)} ${shortFailing(slo)}, ${burnText(now.burn)}`;
  const suspect = change
    ? `; ${shorten(change.replace(/ (rolled out|took)(?= \d)/, ''), headLength - what.length - 2)}`
    : '';
  const rest: string[] = [];
  if (change && suspect !== `; ${change}`) rest.push(change);
  if (evaluation.condition === 'traffic-vanished' && evaluation.reason) rest.push(evaluation.reason.replace(/\.$/, ''));
  else if (now.burn !== null && now.bad > 0) rest.push(failureText(slo, now));
  const { period, exhaustion } = evaluation;
  if (exhaustion) {
    const gone = new Date(exhaustion.at).toISOString().slice(0, 16).replace('T', ' ');
    rest.push(`${budgetName(slo)} is gone at ${gone} UTC, in ${durationText(exhaustion.at - evaluation.at)}`);
  } else if (period.budgetRemaining !== null)
    rest.push(`${shareText(period.budgetRemaining)} of ${budgetName(slo)} is left`);
  rest.push(
    `objective ${objectiveText(slo.objective)}`,
    `data to ${new Date(evaluation.at).toISOString().slice(11, 16)} UTC`,
  );
  return shorten(`${what}${suspect} · ${rest.join(' · ')}`, 1024);
}

function shortFailing(slo: Failing): string {
  if (isGoodOrBad(slo)) return `${unitOf(slo).many} bad`;
  return slo.indicator.kind === 'latency' ? 'slow' : 'fail';
}

function shareShort({ bad, total }: WindowBurn): string {
  const share = bad / total;
  if (share > 0.95) return 'nearly all';
  return share > 0.4 ? `${Math.round(share * 10)} in 10` : `1 in ${countText(total / bad)}`;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(1, length - 1)).trimEnd()}…`;
}
