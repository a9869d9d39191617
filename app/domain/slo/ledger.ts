import { growth } from './budget-events.ts';
import { hourMs } from './series.ts';
import type { Slo } from './slo.ts';
import { type StoredCounts, storedSums } from './stored-counts.ts';

/** An incident as far as one SLO burnt in it, ms; `to` is null while it goes on. */
export interface BurnSpell {
  id: string;
  title: string;
  from: number;
  to: number | null;
}

/** One line of what a period's budget went on. Counts are events; `share` is of the whole budget. */
export interface LedgerLine {
  kind: 'incident' | 'rest';
  /** The incident; null for what no incident holds. */
  id: string | null;
  title: string;
  from: number;
  to: number;
  open: boolean;
  bad: number;
  total: number;
  share: number;
  /** True where the minutes are gone, so that its first and last hours are counted whole. */
  wholeHours: boolean;
}

/**
 * What the budget of a period went on up to `at` (ms): its incidents, oldest first, and the rest that no incident holds. The
 * bad events of all lines are those of the period, none counted twice. Empty without events.
 */
export function budgetLedger(
  { objective, period }: Pick<Slo, 'objective' | 'period'>,
  counts: StoredCounts,
  { from, at }: { from: number; at: number },
  spells: readonly BurnSpell[],
): LedgerLine[] {
  const all = storedSums(counts, from, at);
  const allowed = (1 - objective) * all.total * growth(period, at);
  if (allowed <= 0) return [];
  const lines: LedgerLine[] = [];
  let free = from;
  for (const spell of [...spells].sort((a, b) => a.from - b.from)) {
    const [began, ended] = [Math.max(from, spell.from), Math.min(at, spell.to ?? at)];
    const start = Math.max(free, isHeld(counts, began) ? began : floorHour(began));
    const to = isHeld(counts, ended) ? ended : Math.min(at, floorHour(ended) + hourMs);
    if (to <= start || ended <= began) continue;
    const { bad, total } = storedSums(counts, start, to);
    lines.push({
      kind: 'incident',
      id: spell.id,
      title: spell.title,
      from: began,
      to: ended,
      open: spell.to === null,
      bad,
      total,
      share: bad / allowed,
      wholeHours: !isHeld(counts, began) || !isHeld(counts, ended),
    });
    free = to;
  }
  const [bad, total] = lines.reduce(([b, t], line) => [b - line.bad, t - line.total], [all.bad, all.total]);
  return [
    ...lines,
    {
      kind: 'rest',
      id: null,
      title: 'Everything else',
      from,
      to: at,
      open: false,
      bad,
      total,
      share: bad / allowed,
      wholeHours: false,
    },
  ];
}

/** True where a stretch can begin or end at this moment: on the hour, or within an hour that is known by the minute. */
function isHeld(counts: StoredCounts, at: number): boolean {
  return at % hourMs === 0 || counts.minutes.has(Math.floor(at / hourMs));
}

function floorHour(at: number): number {
  return Math.floor(at / hourMs) * hourMs;
}
