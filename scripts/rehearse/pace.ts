import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../supervisor/child.ts';
import { type RehearsalWorld, usualSpeed } from './world.ts';

/** How data time goes in a rehearsal: as fast as everybody keeps up, and in leaps where only time has to pass. */
export interface Pace {
  now(): number;
  /** Lets data time pass at once; resolves when the engine has evaluated every SLO at a time near its end. */
  pass(ms: number): Promise<void>;
  /** A little wall time at the present speed. */
  moment(): Promise<void>;
  /** Data ms per wall ms from now on. */
  speed(speed: number): void;
  /** True once the engine was late: from then on its looks may come ten times as late too. */
  busy(): boolean;
  /** Wall ms that an act, or the end of a case, may take: four times as long once the engine was late. */
  patience(): number;
  /** Says whether a source of data fails from now on: then the engine cannot come up to date, and is waited for less long. */
  dim(dark: boolean): void;
}

/** All processes read a leap ahead, so that nobody asks the world for minutes that it has not lived yet. */
const aheadMs = 300;
const momentMs = 100;
/** Wall ms that the engine is waited for. A source that fails keeps it back, and that is part of the story; else only a busy machine does. */
const patienceMs = { dark: 6_000, light: 60_000 };
/** Wall ms in which the engine is up to date on a machine that is not busy. */
const usualMs = 3_000;
/** Wall ms that an act, or the end of a case, is waited for. */
const actMs = { usual: 120_000, late: 480_000 };
/** An SLO that was evaluated this long before its newest settled minute counts as up to date, data ms. */
const near = 90_000;

/** The pace of a world. */
export function createPace({ clock, stores }: Pick<RehearsalWorld, 'clock' | 'stores'>): Pace {
  let speed = usualSpeed;
  let patience = patienceMs.light;
  let busy = false;
  const isEvaluated = async (to: number) => {
    const [catalog, states] = await Promise.all([stores.catalog.current(), stores.slos.states()]);
    const settle = new Map(catalog?.slos.map((slo) => [slo.id, slo.settle]));
    return states.every(({ slo, at }) => at >= to - (settle.get(slo) ?? 0) - near);
  };
  return {
    now: clock.now,
    async pass(ms) {
      clock.jump(ms, aheadMs);
      await sleep(aheadMs + momentMs);
      const to = clock.now();
      if (await waitUntil(() => isEvaluated(to), usualMs)) return;
      busy = true;
      // Time must not run away from an engine that is behind: what is judged by a deadline would have no data yet.
      clock.run(1);
      await waitUntil(() => isEvaluated(to), patience);
      clock.run(speed);
    },
    dim(dark) {
      patience = dark ? patienceMs.dark : patienceMs.light;
    },
    busy: () => busy,
    patience: () => (busy ? actMs.late : actMs.usual),
    moment: () => sleep(momentMs),
    speed(wanted) {
      if (wanted === speed) return;
      speed = wanted;
      clock.run(wanted);
    },
  };
}
