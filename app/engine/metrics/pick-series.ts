import { type LabelCondition, labelOf, matches } from '../../domain/slo/filter.ts';

interface Labelled {
  labels: Record<string, string>;
}

/**
 * Finds, among the series of one answer, those that satisfy conditions; looks only at the ones that have the rarest of the
 * asked values, so that a thousand SLOs do not each walk through the series of all.
 */
export function pickerOf<S extends Labelled>(
  all: readonly S[],
): (conditions: readonly LabelCondition[]) => readonly S[] {
  const indexes = new Map<string, Map<string, S[]>>();

  function indexOf(label: string): Map<string, S[]> {
    const known = indexes.get(label);
    if (known) return known;
    const index = new Map<string, S[]>();
    for (const one of all) {
      const value = one.labels[label] ?? '';
      const same = index.get(value);
      if (same) same.push(one);
      else index.set(value, [one]);
    }
    indexes.set(label, index);
    return index;
  }

  return (conditions) => {
    let fewest: readonly (readonly S[])[] = [all];
    let count = all.length;
    for (const { path, negate, values } of conditions) {
      if (negate) continue;
      const index = indexOf(labelOf(path));
      // Counted before they are put together: of a value that many have, nothing is copied.
      const having = [...new Set(values)].flatMap((value) => [index.get(value) ?? []]);
      const size = having.reduce((sum, same) => sum + same.length, 0);
      if (size < count) [fewest, count] = [having, size];
    }
    return fewest.flat().filter(({ labels }) => matches(conditions, labels));
  };
}
