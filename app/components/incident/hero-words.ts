import type { SloEvaluation, WindowBurn } from '../../domain/slo/evaluation.ts';
import { burnText, shareText } from '../../domain/slo/figures.ts';
import type { BurnTier, Slo } from '../../domain/slo/slo.ts';

/** A piece of a sentence: text, a stressed figure, or a moment that is shown in the viewer's zone. */
export type WordPart = string | { em: string } | { at: number; em?: boolean };

/** The one sentence of a burning SLO and the line under it. */
export interface HeroWords {
  sentence: WordPart[];
  sub: WordPart[];
}

/** The tier that speaks: the one that fires, or the fast page tier. */
export function speakingTier(tiers: BurnTier[], evaluation: Pick<SloEvaluation, 'tier'>): BurnTier | null {
  return tiers.find((tier) => tier.tier === evaluation.tier) ?? tiers.find((tier) => tier.tier === 'page-fast') ?? null;
}

/** How bad and until when, from one evaluation; conditions without a burn say their reason. */
export function heroWords(
  evaluation: SloEvaluation,
  slo: Pick<Slo, 'indicator' | 'period'>,
  short: WindowBurn,
): HeroWords {
  if (evaluation.condition !== 'ok' && short.burn === null) {
    return { sentence: [evaluation.reason ?? 'There is no figure for this SLO.'], sub: [] };
  }
  const sentence: WordPart[] = [];
  const burn = short.burn ?? 0;
  if (short.burn === null) sentence.push('No request came in: there is nothing to count.');
  else if (short.bad === 0) sentence.push(`No request ${fails(slo, 'fail')} now.`);
  else {
    sentence.push(`${oneIn(short, slo)}: burning `, { em: burnText(short.burn) }, '.');
  }
  const left = evaluation.period.budgetRemaining;
  const budget = budgetName(slo);
  if (left !== null && left <= 0) sentence.push(` ${budget} is spent.`);
  else if (burn >= 1 && evaluation.exhaustion) {
    sentence.push(` ${budget} is gone at `, { at: evaluation.exhaustion.at, em: true }, '.');
  } else if (left !== null) sentence.push(` ${shareText(left)} of ${budget.toLowerCase()} is left.`);
  return { sentence, sub: subLine(evaluation, burn) };
}

function subLine(evaluation: SloEvaluation, burn: number): WordPart[] {
  const sub: WordPart[] = [];
  const { exhaustion, recovery } = evaluation;
  if (burn >= 1 && exhaustion && exhaustion.latest - exhaustion.earliest > 60_000) {
    sub.push(
      'Between ',
      { at: exhaustion.earliest },
      ' and ',
      { at: exhaustion.latest },
      " at the last hour's spread. ",
    );
  }
  if (recovery) {
    sub.push(
      `Fixed now, ${shareText(recovery.budgetRemaining)} of it is back at `,
      { at: recovery.at },
      ' as older errors age out. ',
    );
  }
  if (evaluation.condition !== 'ok' && evaluation.reason) sub.push(evaluation.reason);
  return sub;
}

function oneIn(window: WindowBurn, slo: Pick<Slo, 'indicator'>): string {
  const share = window.bad / window.total;
  if (share > 0.4) return `${shareText(share)} of requests ${fails(slo, 'fail')}`;
  return `1 request in ${Math.round(window.total / window.bad).toLocaleString('en-US')} ${fails(slo, 'fails')}`;
}

function fails(slo: Pick<Slo, 'indicator'>, verb: 'fail' | 'fails'): string {
  if (slo.indicator.kind !== 'latency') return verb;
  return verb === 'fail' ? 'are too slow' : 'is too slow';
}

function budgetName(slo: Pick<Slo, 'period'>): string {
  return slo.period.kind === 'rolling' ? `The ${slo.period.days}-day budget` : `The ${slo.period.unit}'s budget`;
}
