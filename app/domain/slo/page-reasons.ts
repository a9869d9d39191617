import type { SloEvaluation, WindowBurn } from './evaluation.ts';
import { burnText, countText, durationText, shareText, windowBurnText } from './figures.ts';
import { slicesOf } from './slices.ts';
import type { BurnProfile, Slo, Tier, WindowName } from './slo.ts';
import { badText, unitOf } from './units.ts';
import type { SpokenSlo, WordPart } from './words.ts';

const windowWords: Record<WindowName, string> = {
  '5m': 'last 5 min',
  '30m': 'last 30 min',
  '1h': 'last hour',
  '2h': 'last 2 h',
  '6h': 'last 6 h',
  '1d': 'last day',
  '3d': 'last 3 days',
};

/** Why it pages (both windows, bound, bad and all counts), and what must drop for it to clear, and when. */
export interface PageReasons {
  why: WordPart[];
  clears: WordPart[];
}

/** "Why this page" and "what clears it" for the tier that the alert stands at. `settle` ms is the data's delay. */
export function pageReasons(
  slo: SpokenSlo & Pick<Slo, 'settle'>,
  evaluation: SloEvaluation,
  profile: BurnProfile,
  standing: Tier | null = evaluation.tier,
): PageReasons {
  if (evaluation.condition === 'traffic-vanished') {
    return {
      why: [evaluation.reason ?? ''],
      clears: ['It clears when a tenth of the usual traffic is back for 5 minutes.'],
    };
  }
  const tier = profile.tiers.find((each) => each.tier === standing);
  if (!tier) return { why: ['No tier has both of its windows over its bound.'], clears: [] };
  const [long, short] = [evaluation.windows[tier.long], evaluation.windows[tier.short]];
  const verb = standing?.startsWith('page') ? 'pages' : 'is a ticket';
  const fires = evaluation.tier === standing;
  const why = fires
    ? `It ${verb} because both windows reach ${burnText(tier.factor)}: ${windowText(slo, long)}, ${windowText(slo, short)}.`
    : `It still ${verb} until known data proves one window under ${burnText(tier.factor)}: ${windowText(slo, long)}, ${windowText(slo, short)}.`;
  const clears: WordPart[] = [
    `It clears when the ${windowWords[tier.short]} or the ${windowWords[tier.long]} falls under ${burnText(tier.factor)}`,
  ];
  const at = standing?.startsWith('page') ? evaluation.clearing?.page : evaluation.clearing?.all;
  if (at) {
    clears.push(
      `; if every ${slicesOf(slo) ? `${unitOf(slo).one} is good` : 'request succeeds'} from now on, ${standing?.startsWith('page') ? 'no page tier fires' : 'no tier fires'} on data from `,
    );
    clears.push({ at, as: 'clock' }, ` on, seen ${durationText(slo.settle)} later`);
  }
  return { why: [why], clears: [...clears, '.'] };
}

function windowText(slo: SpokenSlo, one: WindowBurn): string {
  const { window, burn, bad, total, coverage } = one;
  const gap = coverage < 1 ? `, ${shareText(coverage)} covered` : '';
  const reads = burn === null ? `has ${windowBurnText(one, slo)}` : `burns ${burnText(burn)}`;
  return `the ${windowWords[window]} ${reads} (${badText(slo, bad)} of ${countText(total)}${gap})`;
}
