import type { SloEvaluation } from './evaluation.ts';
import { burnText, shareText } from './figures.ts';
import { periodMinutes } from './profiles.ts';
import { minuteMs } from './series.ts';
import { slicesOf } from './slices.ts';
import { unitOf } from './units.ts';
import { minimumCoverage } from './windows.ts';
import { budgetName, failing, failureText, type SpokenSlo, spokenUnit, type WordPart } from './words.ts';

/** How bad and until when, and the line under it: range and way back. All figures are those of the evaluation. */
export interface SloWords {
  sentence: WordPart[];
  sub: WordPart[];
}

/** The one sentence: "1 request in 38 fails: burning 26×. The month's budget is gone at 11:57." */
export function sloWords(slo: SpokenSlo, evaluation: SloEvaluation): SloWords {
  const sentence: WordPart[] = [];
  const now = evaluation.windows['5m'];
  if (evaluation.condition !== 'ok' && evaluation.condition !== 'stale') {
    sentence.push(evaluation.reason ?? 'There is no figure for this SLO.');
  } else if (now.burn === null)
    sentence.push(
      now.coverage < minimumCoverage
        ? 'No data for the last 5 minutes.'
        : slicesOf(slo)
          ? `No ${unitOf(slo).one} ended in the last 5 minutes.`
          : 'No traffic in the last 5 minutes.',
    );
  else if (now.bad === 0) sentence.push(`No ${spokenUnit(slo)} ${failing(slo, 0)} now.`);
  else sentence.push(`${failureText(slo, now)}: burning `, { em: burnText(now.burn) }, '.');
  sentence.push(...budgetWords(slo, evaluation));
  return { sentence, sub: subWords(slo, evaluation) };
}

function budgetWords(slo: SpokenSlo, { at, period, exhaustion }: SloEvaluation): WordPart[] {
  const name = budgetName(slo).replace(/^the/, 'The');
  const left = period.budgetRemaining;
  if (left === null) return [];
  if (left <= 0) return [` ${name} is gone`, left < -0.005 ? `, overspent by ${shareText(-left)}.` : '.'];
  if (!exhaustion) return [` ${shareText(left)} of ${budgetName(slo)} is left.`];
  const day = exhaustion.at - at > 20 * 3_600_000;
  return [` ${name} is gone ${day ? 'on' : 'at'} `, { at: exhaustion.at, em: true, as: day ? 'day' : 'clock' }, '.'];
}

function subWords(slo: SpokenSlo, evaluation: SloEvaluation): WordPart[] {
  const { exhaustion, recovery, period, at } = evaluation;
  const parts: WordPart[] = [];
  if (exhaustion && exhaustion.latest - exhaustion.earliest >= minuteMs) {
    const as = exhaustion.latest - at > 20 * 3_600_000 ? ('day' as const) : ('clock' as const);
    const never = exhaustion.latest >= at + periodMinutes(slo.period) * minuteMs;
    parts.push('Between ', { at: exhaustion.earliest, as }, ' and ');
    parts.push(...(never ? ['never'] : [{ at: exhaustion.latest, as }]), " at the last hour's spread. ");
  }
  if (recovery && slo.period.kind === 'calendar') {
    parts.push(`A new ${slo.period.unit} with a whole budget begins `, { at: recovery.at, as: 'day' }, '.');
  } else if (recovery) {
    const word = (period.budgetRemaining ?? 0) < 0.2 ? 'back at' : 'back above';
    parts.push(`Fixed now, it is ${word} ${shareText(recovery.budgetRemaining)} on `, { at: recovery.at, as: 'day' });
    parts.push(slicesOf(slo) ? ` as older bad ${unitOf(slo).many} age out.` : ' as older errors age out.');
  }
  if (evaluation.condition === 'stale' && evaluation.reason) parts.push(` ${evaluation.reason}`);
  return parts;
}
