import { clockText, utcText, zoneText } from '../ui/clock-text.ts';

/** Moments in UTC and in one more zone, as a story tells them. */
export interface ToldTimes {
  /** "2026-11-22 03:24:10 UTC (04:24 CET)"; in UTC alone where the zone is UTC. */
  full(at: number): string;
  /** "03:24:10", with the date where the day is another than that of `after`. */
  utc(at: number, after: number | null): string;
  /** "04:24 CET"; empty where the zone is UTC. */
  local(at: number): string;
  /** Heading of the local column; null where the zone is UTC. */
  zone: string | null;
}

/** Tells times in UTC and in `zone` (IANA). */
export function toldTimes(zone: string): ToldTimes {
  const other = /^(UTC|Etc\/(UTC|GMT|Universal|Zulu)|GMT)$/i.test(zone) ? null : zone;
  const local = (at: number) => (other === null ? '' : `${clockText(at, other)} ${zoneText(at, other)}`);
  return {
    full: (at) => (other === null ? utcText(at) : `${utcText(at)} (${local(at)})`),
    utc(at, after) {
      const [date = '', time = ''] = utcText(at).split(' ');
      const same = after !== null && utcText(after).startsWith(date);
      return same ? time : `${date} ${time}`;
    },
    local,
    zone: other,
  };
}
