import { type OrderedSeries, type PickedSeries, pickOne, type Sides } from './count-minutes.ts';
import { labelValue, type Selector } from './selector.ts';

/** Which of many counters each SLO counts; counters come and go, the SLOs stay. */
export interface Picker {
  /** Looks for whom these counters are; only SLOs that ask for one of their label values are tried. */
  add(came: Iterable<OrderedSeries>): void;
  remove(gone: readonly OrderedSeries[]): void;
  /** The counters of an SLO, in the order in which they came. */
  of(slo: string): readonly PickedSeries[];
}

/** A picker for SLOs, by id, without counters as yet. */
export function newPicker(sides: ReadonlyMap<string, Sides>): Picker {
  const askers = indexAskers(sides);
  const picked = new Map<string, PickedSeries[]>();
  const pickers = new Map<OrderedSeries, string[]>();

  function candidates({ name, labels }: OrderedSeries): Set<string> {
    const found = new Set(askers.ofAny);
    for (const [label, byValue] of askers.byLabel)
      for (const slo of byValue.get(labelValue(label, name, labels)) ?? []) found.add(slo);
    return found;
  }

  return {
    add(came) {
      for (const one of came) {
        const slos: string[] = [];
        for (const slo of candidates(one)) {
          const found = pickOne(one, sides.get(slo)!);
          if (!found) continue;
          slos.push(slo);
          const own = picked.get(slo);
          if (own) own.push(found);
          else picked.set(slo, [found]);
        }
        pickers.set(one, slos);
      }
    },
    remove(gone) {
      const lost = new Set(gone);
      const touched = new Set(gone.flatMap((one) => pickers.get(one) ?? []));
      for (const slo of touched)
        picked.set(
          slo,
          picked.get(slo)!.filter(({ one }) => !lost.has(one)),
        );
      for (const one of gone) pickers.delete(one);
    },
    of: (slo) => picked.get(slo) ?? [],
  };
}

/** SLOs by what a counter must have to be theirs: of all values that a selector asks for by equality, the one that the fewest others ask for. */
interface Askers {
  byLabel: Map<string, Map<string, string[]>>;
  /** Those with a selector that asks for no value by equality. */
  ofAny: string[];
}

function indexAskers(sides: ReadonlyMap<string, Sides>): Askers {
  const counts = new Map<string, number>();
  for (const { total, part } of sides.values())
    for (const selector of [total, part])
      for (const { label, value } of asked(selector)) {
        const key = JSON.stringify([label, value]);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
  const countOf = (label: string, value: string) => counts.get(JSON.stringify([label, value]))!;
  const askers: Askers = { byLabel: new Map(), ofAny: [] };
  for (const [slo, { total, part }] of sides) {
    for (const selector of [total, part]) {
      const all = asked(selector).map(({ label, value }) => ({ label, value, count: countOf(label, value) }));
      const [rarest] = all.sort((a, b) => a.count - b.count);
      if (!rarest) {
        askers.ofAny.push(slo);
        continue;
      }
      const byValue = askers.byLabel.get(rarest.label) ?? new Map<string, string[]>();
      askers.byLabel.set(rarest.label, byValue);
      const same = byValue.get(rarest.value);
      if (same) same.push(slo);
      else byValue.set(rarest.value, [slo]);
    }
  }
  return askers;
}

function asked({ matchers }: Selector) {
  return matchers.filter(({ op }) => op === '=');
}
