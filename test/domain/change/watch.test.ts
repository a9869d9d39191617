import { describe, expect, test } from 'vitest';
import { riseSince } from '#app/domain/change/watch.ts';
import { minuteMs } from '#app/domain/slo/series.ts';
import { filled, monday, poisson, seeded } from '../slo/make.ts';

const settleMs = 4 * minuteMs;
const look = (series: ReturnType<typeof filled>, minutes: number) =>
  riseSince(series, { objective: 0.999, changeAt: monday, settleMs, now: monday + minutes * minuteMs });

describe('after a change', () => {
  test('whoever made it hears of the rise on its first visible minute', () => {
    const series = filled(monday - 60 * minuteMs, monday + 2 * minuteMs, (at) => ({
      bad: at < monday ? 1 : 93,
      total: 3587,
    }));
    expect(look(series, 3)).toMatchObject({
      provisional: true,
      text: 'Failures rise since this change: 186 of 7,174 in 2 min, 25.9×, against 15 of 53,805 before it.',
    });
  });

  test('failures that are seen before the successes of their minute count against the usual traffic, and it says about', () => {
    const series = filled(monday - 60 * minuteMs, monday + minuteMs, (at) => ({
      bad: at < monday ? 1 : 93,
      total: at < monday ? 3587 : 93,
    }));
    expect(look(series, 3)?.text).toBe(
      'Failures rise since this change: 93 of about 3,587 in 1 min, 25.9×, against 15 of 53,805 before it.',
    );
  });

  test('a change under which nothing rises is left in peace: half an hour of a busy and a quiet service, 300 times', () => {
    const random = seeded(11);
    for (let world = 0; world < 300; world++) {
      const traffic = 10 ** (1 + random() * 4);
      const rate = random() * 0.002;
      const series = filled(monday - 60 * minuteMs, monday, () => ({
        bad: poisson(traffic * rate, random),
        total: Math.round(traffic),
      }));
      for (let minutes = 1; minutes <= 30; minutes++) {
        const at = monday + (minutes - 1) * minuteMs;
        filled(at, at + minuteMs, () => ({ bad: poisson(traffic * rate, random), total: Math.round(traffic) }), series);
        expect(look(series, minutes), `world ${world}`).toBeNull();
      }
    }
  });

  test('a slight rise is told once the minutes add up, within the budget pace it is not told', () => {
    const rising = (minutes: number) =>
      filled(monday - 60 * minuteMs, monday + minutes * minuteMs, (at) => ({ bad: at < monday ? 4 : 9, total: 5000 }));
    expect(look(rising(2), 3)).toBeNull();
    expect(look(rising(12), 13)).toMatchObject({ minutes: 12, burn: expect.closeTo(1.8, 6) });
    const within = filled(monday - 60 * minuteMs, monday + 12 * minuteMs, (at) => ({
      bad: at < monday ? 0 : 4,
      total: 5000,
    }));
    expect(look(within, 13)).toBeNull();
  });

  test('a service without a past is not compared with it', () => {
    expect(
      look(
        filled(monday, monday + 5 * minuteMs, () => ({ bad: 90, total: 1000 })),
        6,
      ),
    ).toBeNull();
  });
});
