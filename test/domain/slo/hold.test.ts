import { describe, expect, test } from 'vitest';
import { type HoldInput, judgeHold, type RevisionPoint } from '#app/domain/slo/hold.ts';
import { minuteMs } from '#app/domain/slo/series.ts';
import { monday } from './make.ts';

type Count = { bad: number; total: number } | null;

/** 5 % of 4,000 requests a minute go to the target from Monday on; the other revision fails at 26×. */
function look(minutes: number, target: Count, over: Partial<HoldInput> = {}, others: Count = { bad: 99, total: 3800 }) {
  const points: RevisionPoint[] = [];
  for (let at = monday - 60 * minuteMs; at < monday + Math.floor(minutes) * minuteMs; at += minuteMs) {
    if (at < monday) points.push({ revision: 'burning', at, bad: 104, total: 4000 });
    else {
      if (target) points.push({ revision: 'healthy', at, ...target });
      if (others) points.push({ revision: 'burning', at, ...others });
    }
  }
  return judgeHold({
    points,
    revision: 'healthy',
    share: 0.05,
    effectAt: monday,
    holdMs: 2 * minuteMs,
    settleMs: 4 * minuteMs,
    now: monday + minutes * minuteMs,
    objective: 0.999,
    minRequests: 100,
    ...over,
  });
}

describe('the first share of a rollback', () => {
  test('waits for complete minutes of the new share, then is good', () => {
    expect(look(2, { bad: 0, total: 200 })).toMatchObject({ verdict: 'waiting', minutes: 1, needed: 2 });
    expect(look(3, { bad: 0, total: 200 })).toMatchObject({
      verdict: 'good',
      minutes: 2,
      target: { bad: 0, total: 400, burn: 0 },
    });
  });

  test('minutes from before the effect do not count', () => {
    expect(look(3, { bad: 0, total: 200 }, { effectAt: monday + 30_000 })).toMatchObject({
      verdict: 'waiting',
      minutes: 1,
    });
  });

  test('is bad at once when it fails as the burning revision does, or worse', () => {
    expect(look(3, { bad: 6, total: 200 }).verdict).toBe('bad');
    expect(look(2, { bad: 150, total: 200 }).verdict).toBe('bad');
  });

  test('one stray failure is no verdict', () => {
    expect(look(3, { bad: 1, total: 200 }).verdict).toBe('good');
  });

  test('failures seen before their successes are weighed against the usual traffic', () => {
    const others = { bad: 1900, total: 3800 };
    expect(look(4, { bad: 2, total: 2 }, {}, others).verdict).toBe('waiting');
    expect(look(4, { bad: 100, total: 200 }, {}, others).verdict).toBe('bad');
  });

  test('under the requests it needs nothing is judged: after hold and settle a person goes on', () => {
    expect(look(5.9, { bad: 0, total: 10 }).verdict).toBe('waiting');
    const end = look(6, { bad: 0, total: 10 });
    expect(end.verdict).toBe('unjudged');
    expect(end.text).toBe('Not judged: 50 requests in 5 min are too few (100 are needed). You decide.');
  });

  test('the first answers of a minute are no reason to judge, nor to give up', () => {
    const early = look(3, { bad: 0, total: 1 });
    expect(early).toMatchObject({ verdict: 'waiting', minutes: 2, text: expect.stringContaining('2 of 2 min') });
    expect(early.text).toContain('waiting for points up to 00:02 UTC, until 00:06 UTC at the latest');
    expect(look(5.9, { bad: 0, total: 12 }).verdict).toBe('waiting');
    expect(look(5.9, { bad: 0, total: 30 }).verdict).toBe('good');
  });

  test('fewer minutes than asked for are judged at the end where they hold enough requests', () => {
    const points = [
      { revision: 'healthy', at: monday, bad: 0, total: 200 },
      { revision: 'burning', at: monday, bad: 99, total: 3800 },
    ];
    expect(look(5.9, null, { points }).verdict).toBe('waiting');
    expect(look(6, null, { points })).toMatchObject({ verdict: 'good', minutes: 1 });
  });

  test('without any data of it, it is not judged either', () => {
    expect(look(6, null)).toMatchObject({ verdict: 'unjudged', minutes: 0, until: monday + 6 * minuteMs });
    expect(look(6, null, {}, null).verdict).toBe('unjudged');
  });
});
