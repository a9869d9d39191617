import type { WindowBurn } from '../slo/evaluation.ts';
import { type MinuteCounts, sumBetween } from '../slo/minute-counts.ts';
import { hourMs, minuteMs } from '../slo/series.ts';
import { type BurnProfile, type BurnTier, type Tier, type WindowName, windowMinutes } from '../slo/slo.ts';
import { burnRate, firingTier, reaches } from '../slo/windows.ts';
import { heldTier } from './held-tier.ts';
import { moreUrgent } from './transition.ts';

/** One time that an SLO would have paged, or opened a ticket; `to` is null while it goes on. Times ms. */
export interface AlertSpell {
  from: number;
  to: number | null;
  /** The most urgent tier it reached. */
  tier: Tier;
}

/** What decides whether an SLO pages. */
export interface PagingSetting {
  objective: number;
  profile: BurnProfile;
  minBadEvents: number;
}

/** A page or ticket that comes back this soon re-opens the same incident, and wakes nobody anew. */
const sameIncident = 2 * hourMs;

/**
 * Replays the tiers minute by minute over (from, to] (ms) by the rules of the engine: both windows over the factor, the hold
 * until known minutes prove it quiet, one alert that escalates. Vanished traffic is left out: no setting changes it.
 * Pages are the alerts that reach a page tier, tickets those that never do.
 */
export function replayAlerts(
  counts: MinuteCounts,
  { objective, profile, minBadEvents }: PagingSetting,
  { from, to }: { from: number; to: number },
): { pages: AlertSpell[]; tickets: AlertSpell[] } {
  const spells: AlertSpell[] = [];
  let tier: Tier | null = null;
  let open: AlertSpell | null = null;
  for (let end = Math.floor(from / minuteMs) + 1; end <= to / minuteMs; end++) {
    if (tier === null && !profile.tiers.some((each) => mayFire(counts, objective, each, end))) continue;
    const windows = windowsOf(counts, objective, profile, end);
    const blind = sumBetween(counts, end - 5, end).known === 0;
    const firing = firingTier(profile, windows, minBadEvents)?.tier ?? null;
    const next = heldTier(tier, { condition: blind ? 'no-data' : 'ok', windows, tier: firing }, profile);
    if (next === undefined || next === tier) continue;
    tier = next;
    if (tier === null) {
      if (open) open.to = end * minuteMs;
      open = null;
    } else if (open) {
      // A ticket that becomes a page wakes somebody then, not when it was opened.
      if (isPage(tier) && !isPage(open.tier)) open.from = end * minuteMs;
      open.tier = moreUrgent(open.tier, tier);
    } else {
      open = { from: end * minuteMs, to: null, tier };
      spells.push(open);
    }
  }
  const joined = join(spells);
  return {
    pages: joined.filter((spell) => isPage(spell.tier)),
    tickets: joined.filter((spell) => !isPage(spell.tier)),
  };
}

/** What another setting would have done, told by its pages: those both have, those it adds and those it spares. */
export interface Difference {
  kept: { present: AlertSpell; other: AlertSpell }[];
  gained: AlertSpell[];
  lost: AlertSpell[];
}

/** Compares two replays of the same time: two pages are the same where they overlap, or begin within the same incident. */
export function comparePages(present: readonly AlertSpell[], others: readonly AlertSpell[]): Difference {
  const meets = (a: AlertSpell, b: AlertSpell) =>
    a.from < (b.to ?? Number.MAX_VALUE) + sameIncident && b.from < (a.to ?? Number.MAX_VALUE) + sameIncident;
  return {
    kept: present.flatMap((each) => {
      const other = others.find((one) => meets(each, one));
      return other ? [{ present: each, other }] : [];
    }),
    gained: others.filter((each) => !present.some((one) => meets(each, one))),
    lost: present.filter((each) => !others.some((one) => meets(each, one))),
  };
}

/** The cheap half of a tier's condition: nearly every minute of a calm service ends here. */
function mayFire(counts: MinuteCounts, objective: number, tier: BurnTier, end: number): boolean {
  const { bad, total } = sumsOf(counts, end - windowMinutes[tier.short], end);
  return bad > 0 && reaches(burnRate(bad, total, objective), tier.factor);
}

function windowsOf(counts: MinuteCounts, objective: number, profile: BurnProfile, end: number) {
  const windows: Partial<Record<WindowName, WindowBurn>> = {};
  for (const window of profile.tiers.flatMap(({ long, short }) => [long, short])) {
    const minutes = windowMinutes[window];
    const { bad, total, known } = sumsOf(counts, end - minutes, end);
    windows[window] = { window, bad, total, burn: burnRate(bad, total, objective), coverage: known / minutes };
  }
  return windows as Record<WindowName, WindowBurn>;
}

/** Sums of a stretch; spread counts are fractions, whose rounding must not make more bad events than there are. */
function sumsOf(counts: MinuteCounts, from: number, to: number) {
  const { bad, total, known } = sumBetween(counts, from, to);
  return { bad: bad > total && bad < total * (1 + 1e-9) ? total : bad, total, known };
}

function isPage(tier: Tier): boolean {
  return tier.startsWith('page');
}

function join(spells: readonly AlertSpell[]): AlertSpell[] {
  const joined: AlertSpell[] = [];
  for (const spell of spells) {
    const before = joined[joined.length - 1];
    if (before?.to != null && spell.from - before.to < sameIncident) {
      before.to = spell.to;
      if (isPage(spell.tier) && !isPage(before.tier)) before.from = spell.from;
      before.tier = moreUrgent(before.tier, spell.tier);
    } else joined.push({ ...spell });
  }
  return joined;
}
