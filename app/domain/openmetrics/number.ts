const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const special: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '+infinity': Number.POSITIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
};

/** The number at [from, to) of a line as OpenMetrics writes it; undefined when it is none. */
export function readNumber(line: string, from: number, to: number): number | undefined {
  // Counters and times are whole numbers nearly always: up to 15 digits are exact without the full parser.
  if (to > from && to - from <= 15) {
    let whole = 0;
    let i = from;
    for (; i < to; i++) {
      const digit = line.charCodeAt(i) - 48;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    if (i === to) return whole;
  }
  const text = line.slice(from, to);
  if (decimal.test(text)) return Number(text);
  const lower = text.toLowerCase();
  return Object.hasOwn(special, lower) ? special[lower] : undefined;
}
