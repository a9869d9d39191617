const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in its two largest units, rounded down: "4 s", "42 min", "3 h 10 min", "2 d 3 h". */
export function duration(ms: number): string {
  const t = Math.max(0, ms);
  if (t < MINUTE) return `${Math.floor(t / SECOND)}\u00a0s`;
  if (t < HOUR) return `${Math.floor(t / MINUTE)}\u00a0min`;
  if (t < DAY) return two(Math.floor(t / HOUR), 'h', Math.floor((t % HOUR) / MINUTE), 'min');
  return two(Math.floor(t / DAY), 'd', Math.floor((t % DAY) / HOUR), 'h');
}

/** A countdown: as `duration`, with the seconds under an hour: "4 min 12 s". */
export function countdown(ms: number): string {
  const t = Math.max(0, ms);
  if (t < MINUTE || t >= HOUR) return duration(t);
  return two(Math.floor(t / MINUTE), 'min', Math.floor((t % MINUTE) / SECOND), 's');
}

function two(a: number, unitA: string, b: number, unitB: string): string {
  return b === 0 ? `${a}\u00a0${unitA}` : `${a}\u00a0${unitA} ${b}\u00a0${unitB}`;
}
