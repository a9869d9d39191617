/** True when `zone` is an IANA time zone that this runtime knows. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/**
 * The instant (ms) at which clocks in `zone` show `text` (`2026-01-01 00:00:00`, or with a T). Null when it is no such
 * time. A time that daylight saving skips is taken as the same distance after the jump; one it repeats, the first.
 */
export function localTime(text: string, zone: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  const wanted = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!);
  const back = new Date(wanted);
  if (back.getUTCMonth() !== month! - 1 || back.getUTCDate() !== day || hour! > 23 || minute! > 59 || second! > 59)
    return null;
  // The earlier candidate first: offsets of the zone a day before and a day after enclose any change between.
  const offsets = [wanted - 86_400_000, wanted + 86_400_000].map((instant) => zoneOffset(instant, zone));
  const candidates = [...new Set(offsets)].map((offset) => wanted - offset).sort((a, b) => a - b);
  const exact = candidates.find((instant) => instant + zoneOffset(instant, zone) === wanted);
  return exact ?? wanted - offsets[0]!;
}

/** The date that calendars in `zone` show at `instant` (ms), as midnight UTC of that date. */
export function localDay(instant: number, zone: string): number {
  const local = instant + zoneOffset(instant, zone);
  return Math.floor(local / 86_400_000) * 86_400_000;
}

/** Local time less UTC at `instant`, in ms. */
function zoneOffset(instant: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts: Record<string, number> = {};
  for (const part of format.formatToParts(instant)) parts[part.type] = Number(part.value);
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - Math.floor(instant / 1000) * 1000;
}
