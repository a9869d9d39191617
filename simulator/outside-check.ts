import type { Desk } from './pagerduty/desk.ts';
import { checkService } from './pagerduty-account.ts';
import type { SimClock } from './world/seams.ts';

/** Silence after which it pages, data ms. A console pings every 15 s. */
const silentAfter = 4 * 60_000;
/** And wall ms: where data time is hurried, one cycle may outlast minutes of it. */
const silentAfterWall = 20_000;

/** Where it is pinged, on the simulator's own address. */
export const checkPath = '/outside-check';

/** Key of its page: the check's own, not one of Firebreak's. */
export const checkKey = 'outside-check/firebreak';

/** A dead-man's switch in miniature, as an outside service runs one: who was pinged once and then no more is paged for. */
export interface OutsideCheck {
  /** A ping came: what it paged for is over. */
  ping(): void;
  /** Pages when the pings have stopped. Call it a few times a second. */
  look(): void;
}

/** A check that pages through PagerDuty by itself, on a service that is no part of what Firebreak pages for. */
export function createOutsideCheck({ clock, desk }: { clock: SimClock; desk: Desk }): OutsideCheck {
  let last: { at: number; wall: number } | null = null;
  let paged = false;
  return {
    ping() {
      last = { at: clock.now(), wall: clock.wall() };
      if (paged) desk.byEvent('resolve', checkKey);
      paged = false;
    },
    look() {
      // Nothing is expected before the first ping.
      if (last === null || paged) return;
      const silent = clock.now() - last.at;
      if (silent < silentAfter || clock.wall() - last.wall < silentAfterWall) return;
      paged = true;
      desk.trigger({
        key: checkKey,
        summary: `Firebreak is silent: no ping for ${Math.floor(silent / 60_000)} min, so nobody is watching`,
        source: 'outside-check',
        service: checkService.id,
        severity: 'critical',
        links: [],
        details: { lastPing: new Date(last.at).toISOString() },
      });
    },
  };
}
