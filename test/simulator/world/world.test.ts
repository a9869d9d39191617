import { expect, test } from 'vitest';
import { manualClock } from '#app/platform/clock.ts';
import { planDrill } from '#simulator/world/drills.ts';
import type { Harm } from '#simulator/world/harm.ts';
import type { MinuteRecord } from '#simulator/world/minute-record.ts';
import { makeProfile } from '#simulator/world/profile.ts';
import type { SdkFleet } from '#simulator/world/sdk-fleet.ts';
import type { TrafficRatio } from '#simulator/world/state.ts';
import { createWorld } from '#simulator/world/world.ts';
import { shop, shopCatalog, shopSlos } from '../support/studio.ts';

const start = Date.UTC(2026, 4, 20, 12);

/** A world of the shop whose flag is on for `exposure` of the people; the clock is turned by hand. */
function worldOf(options: { exposure?: number; harms?: Harm[]; ratios?: TrafficRatio[]; knows?: boolean } = {}) {
  const clock = manualClock(start);
  const sealed: MinuteRecord[] = [];
  let asked = 0;
  const state = { exposure: options.exposure ?? 0, revision: 'r1' };
  const fleet: SdkFleet = {
    evaluate(user) {
      if (options.knows === false) return null;
      asked++;
      return new Set((Number(user.slice(5)) % 100) / 100 < state.exposure ? ['one-click'] : []);
    },
    count: () => undefined,
    setSpeed: () => undefined,
    stats: () => ({ instances: 1, synchronized: 1, evaluations: asked, refreshMs: 0, lastError: null }),
    stop: () => undefined,
  };
  const world = createWorld({
    sdkSpeed: null,
    seed: 's',
    clock,
    services: [{ profile: makeProfile('s', shop, shopSlos), fleet }],
    nextMinute: () => start / 60_000,
    trafficOf: () => [{ revision: state.revision, share: 1 }],
    harms: () => options.harms ?? [],
    ratios: () => options.ratios ?? [],
    sealed: (records) => sealed.push(...records),
  });
  /** Plays `minutes`, a tick each second of data (and wall) time. */
  const play = (minutes: number, step = 1000) => {
    for (let ms = 0; ms < minutes * 60_000; ms += step) {
      clock.advance(step);
      world.tick();
    }
  };
  return { world, clock, sealed, play, state, asked: () => asked };
}
const total = (records: MinuteRecord[], bad = false) =>
  records
    .flatMap((record) => record.requests)
    .filter((cell) => !bad || cell.code >= 500)
    .reduce((sum, cell) => sum + cell.count, 0);
const burn = (records: MinuteRecord[]) => total(records, true) / total(records) / 0.001;

test('a clock that stands still makes no minute', () => {
  const { world, sealed } = worldOf();
  world.tick();
  world.tick();
  expect(sealed).toEqual([]);
});

test('minutes are sealed in order, also when the clock jumps', () => {
  const { world, clock, sealed } = worldOf();
  clock.advance(7 * 60_000 + 100);
  world.tick();
  expect(sealed.map((record) => record.minute - start / 60_000)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('no more than 200 evaluations a real second, and the weight says what each stands for', () => {
  const { world, clock, asked } = worldOf();
  // Each tick is a tenth of a real second and 20 s of data: 200 times real time.
  const wall = { now: 0 };
  clock.wall = () => wall.now;
  for (let i = 0; i < 30; i++) {
    wall.now += 100;
    clock.advance(20_000);
    world.tick();
  }
  expect(asked()).toBeLessThanOrEqual(200 + 200 * 3);
  const [view] = world.views();
  expect(view!.weight).toBeGreaterThan(2);
});

test('the bad flag burns about 26× at 25 %, and no longer when it is off', () => {
  const harms = planDrill('bad-flag', start, shopCatalog, [shop]).steps.flatMap((s) =>
    s.do === 'harm' ? [s.harm] : [],
  );
  const { sealed, play, state } = worldOf({ exposure: 0.25, harms });
  play(20);
  const rate = burn(sealed);
  expect(rate).toBeGreaterThan(22);
  expect(rate).toBeLessThan(30);
  const cells = sealed.flatMap((record) => record.flags).filter((cell) => cell.codeClass === '5xx');
  const on = cells.filter((cell) => cell.enabled).reduce((n, cell) => n + cell.count, 0);
  expect(on / cells.reduce((n, cell) => n + cell.count, 0)).toBeGreaterThan(0.95);
  state.exposure = 0;
  const before = sealed.length;
  play(20);
  expect(burn(sealed.slice(before))).toBeLessThan(1);
});

test('a bad revision fails only where traffic goes to it', () => {
  const step = planDrill('bad-revision', start, shopCatalog, [shop]).steps[0]!;
  if (step.do !== 'deploy') throw new Error('expected a deploy');
  const { sealed, play, state } = worldOf({ harms: [{ ...step.harm, revision: 'r2' }] });
  play(10);
  expect(burn(sealed)).toBeLessThan(1);
  state.revision = 'r2';
  play(10);
  expect(burn(sealed.slice(11))).toBeGreaterThan(25);
});

test('traffic held back arrives at its ratio', () => {
  const ratios: TrafficRatio[] = [{ service: shop.id, ratio: 0.02, from: start + 600_000, to: null }];
  const { sealed, play } = worldOf({ ratios });
  play(20);
  const [before, after] = [total(sealed.slice(0, 10)), total(sealed.slice(10, 20))];
  expect(after / before).toBeGreaterThan(0.01);
  expect(after / before).toBeLessThan(0.03);
});

test('services that never heard from Unleash answer off, and go on serving', () => {
  const { sealed, play } = worldOf({ exposure: 1, knows: false });
  play(2);
  expect(total(sealed)).toBeGreaterThan(100);
  expect(sealed.flatMap((record) => record.flags).some((cell) => cell.enabled)).toBe(false);
});
