import type { VerificationState } from '#app/domain/run/run.ts';
import { baselineBefore } from '#app/domain/slo/baseline.ts';
import { createSeries, minuteMs, setMinute } from '#app/domain/slo/series.ts';
import { judge } from '#app/domain/slo/verification.ts';
import { monday, poisson, seeded } from './make.ts';

/** What a kill does to the failure rate: brings it back to calm, leaves it, or raises it. */
export type Effect = 'works' | 'nothing' | 'harms';

/** A random world in which a burn begins, a kill takes effect, and points become visible late and out of order. */
export interface World {
  effect: Effect;
  /** Requests a minute. */
  traffic: number;
  /** Failure rates without and with the burn, and after the kill. */
  calm: number;
  burning: number;
  after: number;
  onset: number;
  effectAt: number;
  /** Time between two looks, ms. */
  poll: number;
}

const objective = 0.999;
const settleMs = 240_000;
const within = 15 * minuteMs;

/** World number `seed`; the same on every run. */
export function aWorld(seed: number): World {
  const random = seeded(seed);
  const effect = (['works', 'nothing', 'harms'] as const)[seed % 3]!;
  const calm = 0.0001 + random() * 0.0005;
  const burning = 0.004 + random() ** 2 * 0.2;
  const traffic = 10 ** (2 + random() * 3);
  const onset = monday + Math.floor(random() * 120) * 1000;
  const effectAt = onset + Math.floor((8 + random() * 60) * minuteMs);
  const after =
    effect === 'works' ? calm : effect === 'nothing' ? burning : Math.min(0.9, burning * (2 + random() * 4));
  return { effect, traffic, calm, burning, after, onset, effectAt, poll: 10_000 + random() * 35_000 };
}

/** Failures a minute that a harm adds over what was: what there is to see. */
export function visibleHarm({ traffic, burning, after }: World): number {
  return (after - burning) * traffic;
}

/** Plays the looks of one verification up to its end; `firstPoint` is when all failures of one minute after the effect were visible first. */
export function play(world: World, seed: number): { looks: VerificationState[]; firstPoint: number } {
  const random = seeded(seed * 7919 + 1);
  const start = world.effectAt - 90 * minuteMs;
  const first = Math.ceil(world.effectAt / minuteMs);
  const points: { visibleAt: number; minute: number; bad: number; total: number }[] = [];
  let firstPoint = Number.POSITIVE_INFINITY;
  for (let minute = Math.floor(start / minuteMs); minute < first + 20; minute++) {
    const from = minute * minuteMs;
    const burns = Math.max(0, Math.min(1, (from + minuteMs - world.onset) / minuteMs));
    const done = Math.max(0, Math.min(1, (from + minuteMs - world.effectAt) / minuteMs));
    const rate = (world.calm * (1 - burns) + world.burning * burns) * (1 - done) + world.after * done;
    // Requests come as several series, each of which becomes visible on its own.
    let failures = 0;
    for (let region = 0; region < 2; region++) {
      const bad = poisson((world.traffic * rate) / 2, random);
      const good = poisson((world.traffic * (1 - rate)) / 2, random);
      for (const point of [
        { bad, total: bad },
        { bad: 0, total: good },
      ]) {
        const visibleAt = from + minuteMs + 60_000 + Math.floor(random() * 180_000);
        if (point.bad > 0) failures = Math.max(failures, visibleAt);
        points.push({ visibleAt, minute, ...point });
      }
    }
    if (minute >= first && failures > 0) firstPoint = Math.min(firstPoint, failures);
  }
  return { looks: look(world, points), firstPoint };
}

function look(
  world: World,
  points: { visibleAt: number; minute: number; bad: number; total: number }[],
): VerificationState[] {
  const looks: VerificationState[] = [];
  points.sort((a, b) => a.visibleAt - b.visibleAt);
  const series = createSeries(3);
  const held = new Map<number, { bad: number; total: number }>();
  let next = 0;
  for (let now = world.effectAt; ; now += world.poll) {
    for (; next < points.length && points[next]!.visibleAt <= now; next++) {
      const { minute, bad, total } = points[next]!;
      const sum = held.get(minute) ?? { bad: 0, total: 0 };
      held.set(minute, { bad: sum.bad + bad, total: sum.total + total });
    }
    const newest = Math.max(...held.keys());
    for (let minute = newest - 30; minute <= newest; minute++) {
      const { bad, total } = held.get(minute) ?? { bad: 0, total: 0 };
      setMinute(series, minute, bad, total);
    }
    const settledTo = Math.floor((now - settleMs) / minuteMs) * minuteMs;
    const baseline = baselineBefore(series, world.effectAt, { onset: world.onset, settledTo });
    const requirement = { slo: 's', burnUnder: 1, window: '5m', within };
    const state = judge({ requirement, effectAt: world.effectAt, objective, series, settleMs, now, baseline });
    looks.push(state);
    if (state.outcome) return looks;
  }
}
