import { localTime } from '../openslo/local-time.ts';

/** How far a wait has come. Times are data time, ms. */
export interface Waiting {
  startedAt: number;
  /** When it ends whatever happens. */
  endsAt: number;
  /** Since when what it waits for has held at every look; null while it does not, or nothing is waited for. */
  heldSince: number | null;
  lookedAt: number;
}

/** Data ms between two looks beyond which nobody can say that something held all the time. */
const longestGap = 180_000;

/**
 * One more look. `holds` is null where the wait has only a time to end, or where the data say nothing: what is not known
 * does not hold. `holdFor` is how long it has to, ms. `end`: `met` came first, `over` is the time's end, null goes on.
 */
export function lookAtWait(
  waiting: Waiting,
  holds: boolean | null,
  holdFor: number,
  now: number,
): { waiting: Waiting; end: 'met' | 'over' | null } {
  const unbroken = waiting.heldSince !== null && now - waiting.lookedAt <= longestGap;
  const heldSince = holds !== true ? null : unbroken ? waiting.heldSince : now;
  const looked = { ...waiting, heldSince, lookedAt: now };
  if (heldSince !== null && now - heldSince >= holdFor) return { waiting: looked, end: 'met' };
  return { waiting: looked, end: now >= waiting.endsAt ? 'over' : null };
}

/** The next moment after `now` at which clocks in `zone` show `time`, such as `09:00`. */
export function nextTimeOfDay(time: string, zone: string, now: number): number {
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: zone });
  for (const ahead of [0, 24, 48]) {
    const at = localTime(`${day.format(now + ahead * 3_600_000)} ${time}`, zone);
    if (at !== null && at > now) return at;
  }
  throw new RangeError(`no clock in ${zone} shows ${time}`);
}
