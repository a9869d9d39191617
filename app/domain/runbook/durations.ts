const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof unitMs;

/** Longest duration a file may name: 366 days, so that no sum of them leaves the safe integers. */
export const longestDuration = 366 * unitMs.d;

/** ms of a duration such as `90s`, `15m`, `2h`, `7d`, `1w` or `1h30m` (`m` is minutes); null when it is none or out of 1 s to 366 d. */
export function parseDuration(text: string): number | null {
  if (text.length > 32 || !/^(?:\d{1,9}[smhdw])+$/.test(text)) return null;
  let ms = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhdw])/g)) ms += Number(count) * unitMs[unit as Unit];
  return ms >= 1_000 && ms <= longestDuration ? ms : null;
}

/** The shortest way to write `ms` that `parseDuration` reads back (whole seconds): 900 000 is `15m`, 5 400 000 is `1h30m`. */
export function formatDuration(ms: number): string {
  let seconds = Math.round(ms / 1_000);
  const parts: string[] = [];
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const size = unitMs[unit] / 1_000;
    const count = Math.floor(seconds / size);
    if (count > 0) parts.push(`${count}${unit}`);
    seconds -= count * size;
  }
  return parts.join('') || '0s';
}

const daysOf = { day: 1, week: 7, month: 365 / 12, quarter: 365 / 4, year: 365 } as const;

/** Days of a review interval in words or short: `3 months` is 91, `90 days`, `2 weeks`, `1 year`, `90d`, `6w`; null when it is none. */
export function parseInterval(text: string): number | null {
  const words = /^\s*(\d{1,4})\s*(day|week|month|quarter|year)s?\s*$/i.exec(text);
  if (words) return Math.round(Number(words[1]) * daysOf[words[2]!.toLowerCase() as keyof typeof daysOf]) || null;
  const ms = parseDuration(text.trim());
  return ms === null ? null : Math.max(1, Math.round(ms / unitMs.d));
}
