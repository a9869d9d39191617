import { burnText, countText, shareText } from './figures.ts';
import { slicesOf } from './slices.ts';
import type { Spell } from './spell.ts';
import type { SloTile } from './tiles.ts';
import { badText, badUnitOf } from './units.ts';
import { budgetName, type SpokenSlo } from './words.ts';

/** The figures of an incident that is over: how many failed, how fast at worst, and what it cost. */
export function spellTiles(slo: SpokenSlo, { bad, total, worst, cost }: Spell): Omit<SloTile, 'over'>[] {
  return [
    {
      label: slicesOf(slo) ? capital(badUnitOf(slo).many) : slo.indicator.kind === 'latency' ? 'Too slow' : 'Failed',
      value: total === 0 ? 'not kept' : badText(slo, bad),
      detail: total === 0 ? 'no minute of it is stored' : `of ${countText(total)}`,
    },
    {
      label: 'Worst 5 min',
      value: worst === null ? 'not kept' : burnText(worst.burn),
      detail: worst === null ? '' : 'to',
      ...(worst === null ? {} : { to: worst.at }),
    },
    {
      label: 'Cost',
      value: cost === null ? 'not known' : shareText(cost),
      detail: cost === null ? 'the period has moved past it' : `of ${budgetName(slo)}`,
    },
  ];
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}
