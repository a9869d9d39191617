import { joinWithin } from './place.ts';

/** A person who resolves the page while it still burns is left alone this long, then paged anew. */
export const repageAfter = 30 * 60_000;
/** A page that PagerDuty refused is sent anew this often while it burns: its key may have been mended since. */
export const resendRefusedAfter = 10 * 60_000;
/** Burns that come back this soon count as flapping. */
export const flapWithin = 2 * 3_600_000;
/** PagerDuty hears that a flapping burn is over only after this much quiet: until then its incident stands, and a burn that comes back wakes nobody anew. */
export const restAfterFlap = 30 * 60_000;

/** What PagerDuty was last told about an incident, and what came back. Times data ms. */
export interface PageState {
  /** True while an alert whose SLO pages through Firebreak burns at a page tier. */
  burning: boolean;
  /** True when all that burns so is silenced. */
  silenced: boolean;
  /** The newest event for the incident's dedup key, delivered or waiting; null before the first. */
  last: {
    action: 'trigger' | 'acknowledge' | 'resolve';
    at: number;
    refused?: boolean;
    /** A silence kept it from leaving. */
    heldBack?: boolean;
  } | null;
  /** When the newest PagerDuty incident of that key was resolved; null while one is open or none is known. */
  resolvedAt: number | null;
  /** When it burned again after a quiet, over the last two hours, oldest first. */
  returns: readonly number[];
  /** Since when it is quiet; null while that is not known. */
  quietSince: number | null;
  /** True when what burns is more than the last page said: a more urgent tier, or an SLO that it did not name. */
  graver: boolean;
  /** When what makes it graver began to burn; null while nothing does, or that is not known. */
  graverSince: number | null;
  at: number;
}

/**
 * The event to send now, if any: one trigger for each time it starts to burn, one resolve when that ends. `again` is a
 * resolve with a trigger behind it: PagerDuty wakes nobody by a trigger that joins what stands. The first page never waits;
 * neither does one that says more than the last and began well after it: that is another outage, whoever has acknowledged the first.
 */
export function pageAction(state: PageState): 'trigger' | 'resolve' | 'again' | null {
  const { burning, silenced, last, resolvedAt, graver, at } = state;
  const told = last !== null && last.action !== 'resolve';
  if (!burning) return told && !rests(state) ? 'resolve' : null;
  if (silenced) return null;
  if (!told || last.heldBack) return 'trigger';
  if (last.refused) return at - last.at >= resendRefusedAfter ? 'trigger' : null;
  const returned = state.returns.at(-1) ?? Number.NEGATIVE_INFINITY;
  const began = graver ? (state.graverSince ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
  const isAnother = began - last.at > joinWithin;
  if (resolvedAt !== null && resolvedAt >= last.at) {
    const isBack = returned >= resolvedAt || (isAnother && began >= resolvedAt);
    return isBack || at - resolvedAt >= repageAfter ? 'trigger' : null;
  }
  return graver && (returned > last.at || isAnother) ? 'again' : null;
}

/** How often it has burned again lately, in words; null when it did not. */
export function flapText(returns: readonly number[]): string | null {
  if (returns.length === 0) return null;
  return `burned again ${returns.length === 1 ? 'once' : `${returns.length} times`} in 2 h`;
}

/** Until when PagerDuty is not told that a flapping burn is over, ms; null when it flaps not, or burns. */
export function restsUntil({ burning, returns, quietSince }: Omit<PageState, 'last' | 'at'>): number | null {
  return !burning && returns.length > 0 && quietSince !== null ? quietSince + restAfterFlap : null;
}

function rests(state: PageState): boolean {
  const until = restsUntil(state);
  return until !== null && state.at < until && !state.last?.refused && !state.last?.heldBack;
}
