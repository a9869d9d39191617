import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sumBetween } from '#app/domain/slo/minute-counts.ts';
import { counter, counts, type Readings } from './counters.ts';

const every = (minutes: number, value: (minute: number) => number): Readings =>
  Array.from({ length: minutes + 1 }, (_, minute) => [minute * 60, value(minute)]);
const calm = (minutes: number) =>
  counter(
    '200',
    every(minutes, (minute) => minute * 10),
  );

describe('counters become minutes', () => {
  test('growth counts at the minute that its later reading ends', () => {
    const series = counts(
      [
        counter('200', [
          [0, 100],
          [60, 110],
          [61, 113],
          [119, 114],
          [180, 120],
        ]),
      ],
      5,
    );
    const minute = (at: number) => sumBetween(series, at, at + 1);
    expect([0, 1, 2, 3].map((at) => minute(at).total)).toEqual([10, 4, 6, 0]);
    expect([0, 1, 2, 3].map((at) => minute(at).known)).toEqual([1, 1, 1, 0]);
  });

  test('a counter that fell began anew at 0, and so did one that was created between two readings', () => {
    expect(
      sumBetween(
        counts(
          [
            counter('200', [
              [0, 500],
              [60, 510],
              [120, 7],
            ]),
          ],
          5,
        ),
        0,
        5,
      ).total,
    ).toBe(17);
    const hidden = counter(
      '200',
      [
        [0, 5],
        [60, 9],
        [120, 20],
      ],
      [90_000],
    );
    expect(sumBetween(counts([hidden], 5), 0, 5).total).toBe(24);
  });

  test('what is read first is no growth, unless the counter is proven to be new', () => {
    const late = (at: number, created: number[] = [], target: Record<string, string> = {}) =>
      counter(
        '500',
        [
          [at, 40],
          [at + 60, 41],
        ],
        created,
        target,
      );
    const bad = (series: Parameters<typeof counts>[0]) => sumBetween(counts(series, 20), 0, 20).bad;
    // Another counter of the target was read at the same instant and before: this one was not there.
    expect(bad([calm(20), late(600)])).toBe(41);
    // Of another target, or read at instants of its own, it may be an old counter that was found late.
    expect(bad([calm(20), late(600, [], { pod: 'b' })])).toBe(1);
    expect(bad([calm(20), late(601)])).toBe(1);
    expect(bad([calm(20), late(601, [590_000], { pod: 'b' })])).toBe(41);
    // The first reading of all proves nothing.
    expect(bad([calm(20), late(0)])).toBe(1);
    expect(bad([late(600)])).toBe(1);
  });

  test('missing readings leave unknown minutes, and their growth counts once they are there again', () => {
    const gone = every(20, (minute) => minute * 10).filter(([time]) => time <= 300 || time >= 600);
    const series = counts([counter('200', gone)], 20);
    expect(sumBetween(series, 0, 20)).toEqual({ bad: 0, total: 200, known: 16 });
    expect(sumBetween(series, 5, 9)).toEqual({ bad: 0, total: 0, known: 0 });
    expect(sumBetween(series, 9, 10)).toEqual({ bad: 0, total: 50, known: 1 });
  });

  test('readings further apart than a minute know the minutes between, when that is their habit', () => {
    const sparse = every(60, (minute) => minute * 10).filter(([time]) => time % 300 === 0);
    expect(sumBetween(counts([counter('200', sparse)], 60), 0, 60)).toEqual({ bad: 0, total: 600, known: 60 });
    const jitter: Readings = [
      [0, 0],
      [60.4, 1],
      [119.9, 2],
      [180.1, 3],
      [240.3, 4],
      [299, 5],
    ];
    expect(sumBetween(counts([counter('200', jitter)], 5), 0, 5).known).toBe(5);
  });

  test('a target that is gone does not blind the others', () => {
    const series = counts(
      [
        calm(60),
        counter(
          '200',
          every(20, (minute) => minute * 5),
        ),
      ],
      60,
    );
    expect(sumBetween(series, 0, 60)).toEqual({ bad: 0, total: 700, known: 60 });
  });

  test('growth in a minute that the total did not measure is carried to the next that it did, and counts once', () => {
    const total = every(10, (minute) => minute * 10).filter(([time]) => time < 180 || time > 360);
    const bad = counter(
      '500',
      every(10, (minute) => minute),
    );
    const series = counts([counter('200', total), bad], 10, 'x_total{code="200"}');
    expect(sumBetween(series, 0, 10)).toEqual({ bad: 10, total: 100, known: 6 });
    expect(sumBetween(series, 6, 7)).toEqual({ bad: 5, total: 50, known: 1 });
    const alone = counts(
      [
        counter(
          '200',
          every(2, (minute) => minute * 10),
        ),
      ],
      10,
    );
    expect(sumBetween(alone, 0, 10)).toEqual({ bad: 0, total: 20, known: 2 });
  });
});

/** A life of a counter: per minute, how much it grows, and whether it is read, restarted, or read twice. */
const life = fc.array(
  fc.record({
    growth: fc.integer({ min: 0, max: 50 }),
    read: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    restart: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
    late: fc.integer({ min: -59, max: 0 }),
  }),
  { minLength: 1, maxLength: 120 },
);
type Life = { growth: number; read: boolean; restart: boolean; late: number }[];

function readingsOf(minutes: Life, scale = 1): [number, number][] {
  let value = 1000;
  return minutes.flatMap(({ growth, read, restart, late }, minute) => {
    value = (restart ? 0 : value) + growth * scale;
    return read ? [[(minute + 1) * 60 + late, value] as [number, number]] : [];
  });
}

/** The same by the definition: each growth lies at the instant of its later reading. */
function naive(readings: [number, number][], from: number, to: number): number {
  const sorted = [...readings].sort(([a], [b]) => a - b);
  let sum = 0;
  for (let i = 1; i < sorted.length; i++) {
    const [time, value] = sorted[i]!;
    const before = sorted[i - 1]![1];
    if (time > from * 60 && time <= to * 60) sum += value < before ? value : value - before;
  }
  return sum;
}

const span = fc.tuple(fc.nat(130), fc.nat(130)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

describe('whatever the counters', () => {
  test('every window is the growth between its readings', () => {
    fc.assert(
      fc.property(life, life, span, (a, b, [from, to]) => {
        const [one, two] = [readingsOf(a), readingsOf(b)];
        // Of two targets: one that is read at the debut of the other would prove nothing.
        const series = counts([counter('200', one, [], { pod: 'a' }), counter('200', two, [], { pod: 'b' })], 130);
        expect(sumBetween(series, from, to).total).toBe(naive(one, from, to) + naive(two, from, to));
      }),
    );
  });

  test('splitting a window never changes its sum', () => {
    fc.assert(
      fc.property(life, life, span, fc.nat(130), (a, b, [from, to], cut) => {
        const series = counts([counter('200', readingsOf(a)), counter('500', readingsOf(b))], 130);
        const middle = Math.min(to, Math.max(from, cut));
        const [left, right] = [sumBetween(series, from, middle), sumBetween(series, middle, to)];
        const sum = { bad: left.bad + right.bad, total: left.total + right.total, known: left.known + right.known };
        expect(sum).toEqual(sumBetween(series, from, to));
      }),
    );
  });

  test('the order of readings never matters, and one that comes twice counts once', () => {
    fc.assert(
      fc.property(life, fc.infiniteStream(fc.nat()), fc.nat(), (a, keys, twice) => {
        const readings = readingsOf(a);
        const again = readings.length > 0 ? [readings[twice % readings.length]!] : [];
        const shuffled = [...readings, ...again].map((each) => ({ each, key: keys.next().value as number }));
        shuffled.sort((x, y) => x.key - y.key);
        const mixed = counter(
          '200',
          shuffled.map(({ each }) => each),
        );
        expect(counts([mixed], 130)).toEqual(counts([counter('200', readings)], 130));
      }),
    );
  });

  test('a reading that comes late changes nothing before it, and no sum around it', () => {
    const steady = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 3, maxLength: 100 });
    fc.assert(
      fc.property(steady, fc.nat(), (growths, which) => {
        let value = 0;
        const readings = growths.map((growth, i) => {
          value += growth;
          return [i * 60, value] as [number, number];
        });
        const late = 1 + (which % (readings.length - 2));
        const without = counts(
          [
            counter(
              '200',
              readings.filter((_, i) => i !== late),
            ),
          ],
          130,
        );
        const whole = counts([counter('200', readings)], 130);
        expect(sumBetween(without, 0, late - 1)).toEqual(sumBetween(whole, 0, late - 1));
        expect(sumBetween(without, 0, 130).total).toBe(sumBetween(whole, 0, 130).total);
      }),
    );
  });
});
