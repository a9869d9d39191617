import { UsageError } from './command.ts';

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const seconds = /^-?\d+(?:\.\d+)?$/;
const units: Record<string, number> = { '': 1000, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The instant (ms) that an option names in RFC 3339 or in Unix seconds; throws UsageError when it names none. */
export function parseTime(option: string, text: string | undefined): number {
  if (text === undefined) throw new UsageError(`--${option} is missing: a time such as 2026-11-22T03:00:00Z.`);
  if (seconds.test(text)) {
    if (Math.abs(Number(text)) < 1e11) return Math.round(Number(text) * 1000);
    throw new UsageError(`--${option} ${text} lies after the year 5000: Unix times are in seconds, not milliseconds.`);
  }
  const at = fromRfc3339(text);
  if (at === null)
    throw new UsageError(
      `--${option} "${text}" is not a time. Write 2026-11-22T03:00:00Z, an offset instead of the Z, or Unix seconds.`,
    );
  return at;
}

function fromRfc3339(text: string): number | null {
  const match = rfc3339.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [offsetHours, offsetMinutes] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  const date = new Date(Date.UTC(year, month - 1, day));
  // The 60th second of RFC 3339 is a leap second: Unix time counts it as the next minute's first.
  const inRange = hour <= 23 && minute <= 59 && second <= 60 && offsetHours <= 23 && offsetMinutes <= 59;
  if (!inRange || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const offset = (match[8] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes) * 60_000;
  const fraction = Math.round(Number(`0.${match[7] ?? 0}`) * 1000);
  return Date.UTC(year, month - 1, day, hour, minute, second) + fraction - offset;
}

/** The step (ms) that `--every` names: 60s, 5m, 1h, 1d, or seconds; throws UsageError when it names none. */
export function parseStep(option: string, text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|)$/.exec(text) ?? [];
  const step = Number(amount) * (units[unit ?? ''] ?? Number.NaN);
  if (!(step >= 1))
    throw new UsageError(`--${option} "${text}" is not a length of time over 0. Write 60s, 5m, 1h or 1d.`);
  return Math.round(step);
}
