import { expect, test } from 'vitest';
import { minuteMs } from '#app/domain/slo/series.ts';
import type { Slo } from '#app/domain/slo/slo.ts';
import type { Bound } from '#app/engine/runs/context.server.ts';
import type { EngineDeps } from '#app/engine/runs/deps.ts';
import { verify } from '#app/engine/runs/verify.server.ts';
import { anSlo, monday } from '../domain/slo/make.ts';

const sliced = anSlo({ objective: 0.99, budgeting: { method: 'Timeslices', minutes: 5, target: 0.95 } });
const effectAt = monday;

/** What a step of an hour ago proves 20 minutes after its effect, if `after` of 100 events failed a minute since, and 20 before. */
function proven(slo: Slo, after: number, now = effectAt + 20 * minuteMs) {
  const asked: string[] = [];
  const deps = {
    clock: { now: () => now },
    slos: {
      async minutes(_slo: string, from: number, to: number, of = 'budget') {
        asked.push(of);
        const ends = Array.from(
          { length: Math.floor((Math.min(to, now) - from) / minuteMs) },
          (_, i) => from + (i + 1) * minuteMs,
        );
        return ends.map((at) => ({ at, bad: at <= effectAt ? 20 : after, total: 100 }));
      },
    },
  } as unknown as EngineDeps;
  const bound = { catalog: { slos: [slo] }, incident: { startedAt: effectAt - 30 * minuteMs } } as unknown as Bound;
  const requirement = { slo: slo.id, window: '5m', burnUnder: 14, within: 15 * minuteMs };
  return verify(deps, bound, requirement, effectAt).then((state) => ({ state: state!, asked }));
}

test('a step on an SLO in slices is judged by the events in them, against the share that makes a slice good, and says so', async () => {
  const { state, asked } = await proven(sliced, 1);
  expect(asked).toEqual(['events']);
  expect(state).toMatchObject({ outcome: 'improved', burnUnder: 1, bad: 5, total: 500 });
  expect(state.text).toMatch(/^Burning 0\.2×, under 1×: 5 of 500 failed, against 300 of 1,500 before\./);
  expect(state.text).toMatch(
    /Judged by the events in its slices, against the 95 % of good ones that make a slice good\.$/,
  );
});

test('fewer failures that still make every slice bad prove nothing good', async () => {
  expect((await proven(sliced, 12)).state).toMatchObject({ outcome: 'not_improved' });
});

test('minutes of a gauge are called so, and what they prove is not overstated', async () => {
  const indicator = { kind: 'gauge', source: { project: 'p', filter: 'f' }, op: 'lte', bound: 600 } as const;
  const { state } = await proven({ ...sliced, indicator }, 40);
  expect(state.outcome).toBe('worse');
  expect(state.text).toContain('200 of 500 minutes were bad');
  expect(state.text).toMatch(/follow on each other, so that few of them prove little\.$/);
});

test('an SLO in events is judged as before', async () => {
  const { state, asked } = await proven(anSlo(), 0);
  expect(asked).toEqual(['budget']);
  expect(state).toMatchObject({ outcome: 'improved', burnUnder: 14 });
  expect(state.text).not.toContain('Judged');
});
