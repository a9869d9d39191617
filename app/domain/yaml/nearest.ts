/**
 * The candidate that `name` most likely meant: the smallest edit distance (insertions, deletions, substitutions and
 * swapped neighbours), at most a third of the length. Null when nothing is near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const wanted = name.toLowerCase().slice(0, 100);
  let best: string | null = null;
  let least = Math.floor(wanted.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = edits(wanted, candidate.toLowerCase().slice(0, 100), least);
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** A hint that names the nearest candidate, else what is allowed when the list is short, else null. */
export function didYouMean(name: string, candidates: readonly string[]): string | null {
  const guess = nearest(name, candidates);
  if (guess) return `Did you mean "${guess}"?`;
  return candidates.length > 0 && candidates.length <= 12 ? `Known here: ${candidates.join(', ')}.` : null;
}

/** The distance, or `enough` where it is no less: then it need not be known. */
function edits(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    // No later row gets below its predecessor's least.
    if (least >= enough) return enough;
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
