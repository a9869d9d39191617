/** A duration shorthand of OpenSLO: `m` is minutes and `M` is months. */
export interface Duration {
  amount: number;
  unit: 'm' | 'h' | 'd' | 'w' | 'M' | 'Q' | 'Y';
}

const shorthand = /^([1-9]\d{0,4})([mhdwMQY])$/;

/** Parses `30d`, `4w`, `1M`; null for anything else. */
export function parseDuration(text: string): Duration | null {
  const match = shorthand.exec(text);
  return match ? { amount: Number(match[1]), unit: match[2] as Duration['unit'] } : null;
}

const minutes: Partial<Record<Duration['unit'], number>> = { m: 1, h: 60, d: 1440, w: 10_080 };

/** Length in minutes; null for months, quarters and years, whose length depends on the calendar. */
export function durationMinutes(duration: Duration): number | null {
  const unit = minutes[duration.unit];
  return unit === undefined ? null : unit * duration.amount;
}

/** Parses `240s`, `4m` or `1h` to ms; null for anything else. Used for `settle`, which OpenSLO does not know. */
export function parseSettle(text: string): number | null {
  const match = /^(\d{1,5})(s|m|h)$/.exec(text);
  if (!match) return null;
  return Number(match[1]) * (match[2] === 's' ? 1000 : match[2] === 'm' ? 60_000 : 3_600_000);
}
