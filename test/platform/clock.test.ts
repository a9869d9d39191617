import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type ClockSegment, goesForward, manualClock, piecewiseClock, systemClock } from '#app/platform/clock.ts';
import { fileClock } from '#app/platform/clock-file.ts';

const wall0 = 1_780_000_000_000;
const data0 = wall0 - 45 * 60_000;

/** Continuous segments: pieces of `for` wall ms at `speed`. */
function segmentsOf(pieces: readonly { for: number; speed: number }[]): ClockSegment[] {
  const segments: ClockSegment[] = [];
  let [wall, data] = [wall0, data0];
  for (const piece of pieces) {
    segments.push({ wall, data, speed: piece.speed });
    wall += piece.for;
    data = Math.round(data + piece.for * piece.speed);
  }
  return segments;
}

const pieces = fc.array(
  fc.record({ for: fc.integer({ min: 1, max: 3_600_000 }), speed: fc.constantFrom(0, 0.5, 1, 7.3, 60, 3_000) }),
  { minLength: 1, maxLength: 8 },
);
const offsets = fc.array(fc.integer({ min: -3_600_000, max: 8 * 3_600_000 }), { minLength: 2, maxLength: 60 });

describe('the piecewise clock', () => {
  test('never goes back', () => {
    fc.assert(
      fc.property(pieces, offsets, (made, times) => {
        const segments = segmentsOf(made);
        expect(goesForward(segments)).toBe(true);
        const clock = piecewiseClock(() => segments);
        const seen = times.sort((a, b) => a - b).map((offset) => clock.fromWall(wall0 + offset));
        expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      }),
    );
  });

  test('is continuous where two pieces meet', () => {
    fc.assert(
      fc.property(pieces, (made) => {
        const segments = segmentsOf(made);
        const clock = piecewiseClock(() => segments);
        for (const [index, segment] of segments.entries()) {
          const before = segments[index - 1] ?? { ...segment, speed: 1 };
          const step = clock.fromWall(segment.wall) - clock.fromWall(segment.wall - 1);
          expect(step).toBeGreaterThanOrEqual(0);
          expect(step).toBeLessThanOrEqual(before.speed + 1);
        }
      }),
    );
  });

  test('now is the data time of the wall clock, at the speed of the piece it is in', () => {
    let wall = wall0;
    const segments = segmentsOf([
      { for: 15_000, speed: 180 },
      { for: 1, speed: 1 },
    ]);
    const clock = piecewiseClock(
      () => segments,
      () => wall,
    );
    expect(clock.now()).toBe(data0);
    wall += 10_000;
    expect([clock.now(), clock.speed()]).toEqual([data0 + 30 * 60_000, 180]);
    wall += 65_000;
    expect([clock.now(), clock.speed(), clock.wall()]).toEqual([wall0 + 60_000, 1, wall]);
    expect(clock.fromWall(wall0 + 5_000)).toBe(data0 + 15 * 60_000);
    expect(clock.fromWall(wall0 - 1_000)).toBe(data0 - 1_000);
  });

  test('without a segment is the wall clock', () => {
    const clock = piecewiseClock(
      () => [],
      () => wall0,
    );
    expect([clock.now(), clock.speed(), clock.fromWall(5)]).toEqual([wall0, 1, 5]);
  });
});

test.each<[string, ClockSegment[]]>([
  ['a piece that runs backward', [{ wall: 0, data: 0, speed: -1 }]],
  [
    'a jump back',
    [
      { wall: 0, data: 1_000, speed: 1 },
      { wall: 10, data: 900, speed: 1 },
    ],
  ],
  [
    'pieces out of order',
    [
      { wall: 10, data: 10, speed: 1 },
      { wall: 0, data: 20, speed: 1 },
    ],
  ],
  ['no number', [{ wall: 0, data: Number.NaN, speed: 1 }]],
])('%s does not go forward', (_, segments) => {
  expect(goesForward(segments)).toBe(false);
});

describe('the stored clock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-clock-'));
  const path = join(folder, 'clock.json');
  const store = (segments: unknown) => {
    writeFileSync(`${path}.draft`, typeof segments === 'string' ? segments : JSON.stringify({ segments }));
    renameSync(`${path}.draft`, path);
  };
  let close = () => {};
  afterEach(() => {
    close();
    rmSync(path, { force: true });
  });
  function open(wall: () => number) {
    const clock = fileClock(path, wall);
    close = clock.close;
    return clock;
  }

  test('follows its file', async () => {
    store([{ wall: 0, data: 5_000, speed: 0 }]);
    const clock = open(() => 1_000);
    expect(clock.now()).toBe(5_000);
    store([
      { wall: 0, data: 5_000, speed: 0 },
      { wall: 500, data: 5_000, speed: 10 },
    ]);
    await vi.waitFor(() => expect(clock.now()).toBe(10_000), 5_000);
  });

  test.each([
    ['a half-written file', '{"segments": [{"wall"'],
    [
      'a jump back',
      [
        { wall: 0, data: 9_000, speed: 1 },
        { wall: 100, data: 1, speed: 1 },
      ],
    ],
  ])('keeps the last good clock through %s', async (_, broken) => {
    store([{ wall: 0, data: 5_000, speed: 1 }]);
    const clock = open(() => 1_000);
    store(broken);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(clock.now()).toBe(6_000);
    store([{ wall: 0, data: 7_000, speed: 1 }]);
    await vi.waitFor(() => expect(clock.now()).toBe(8_000), 5_000);
  });

  test('never goes back, not even when the file does', async () => {
    store([{ wall: 0, data: 5_000, speed: 1 }]);
    let wall = 1_000;
    const clock = open(() => wall);
    expect(clock.now()).toBe(6_000);
    store([{ wall: 0, data: 100, speed: 1 }]);
    await vi.waitFor(() => expect(clock.fromWall(1_000)).toBe(1_100), 5_000);
    expect(clock.now()).toBe(6_000);
    wall = 7_000;
    expect(clock.now()).toBe(7_100);
  });

  test('a process does not start on a clock that is missing or broken', () => {
    expect(() => open(() => 0)).toThrow(/ENOENT/);
    store([]);
    expect(() => open(() => 0)).toThrow('no clock segments');
    store([{ wall: 0, data: 0, speed: -1 }]);
    expect(() => open(() => 0)).toThrow('the clock would go back');
  });
});

test('in production data time is wall time', () => {
  expect(systemClock.speed()).toBe(1);
  expect(systemClock.fromWall(wall0)).toBe(wall0);
  expect(Math.abs(systemClock.now() - systemClock.wall())).toBeLessThan(1_000);
});

test('a clock in a test turns by hand', () => {
  const clock = manualClock(100);
  clock.advance(50);
  expect(clock.now()).toBe(150);
  clock.set(7);
  expect([clock.now(), clock.wall()]).toEqual([7, 7]);
});
