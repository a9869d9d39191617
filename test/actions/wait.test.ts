import { expect, test } from 'vitest';
import type { ActionContext } from '#app/actions/action.ts';
import { wait } from '#app/actions/wait.server.ts';
import type { SloState } from '#app/stores/stores.ts';
import { actionContext } from './context.ts';

const minute = 60_000;

/** An SLO whose burn over 5 minutes is what the test says; null is without data. */
function burning(burn: () => number | null) {
  const found = () => ({ window: '5m', bad: 0, total: 0, burn: burn(), coverage: 1 });
  const state = () => ({ error: null, evaluation: { condition: 'ok', windows: { '5m': found() } } });
  return { state: async () => state() as unknown as SloState };
}

/** Starts a wait and looks once a minute: what it said at its end, and after how many minutes. */
async function waited(input: Record<string, unknown>, burn: (minutes: number) => number | null = () => null) {
  let now = 0;
  const action = wait(burning(() => burn(now / minute)));
  const context: ActionContext = { ...actionContext('wait', input), now: () => now };
  const { plan } = await action.plan(context);
  let { progress, evidence } = await action.apply(context, { plan, captured: null, progress: null, key: 'k' });
  const endsAt = (evidence as { endsAt: number }).endsAt;
  for (;;) {
    now += minute;
    const seen = await action.follow!(context, { plan, captured: null, progress, key: 'k' }, evidence, 0);
    ({ progress, evidence } = seen);
    if (seen.ended) return { plan, endsAt, minutes: now / minute, outputs: seen.outputs };
    if (now > 300 * minute) throw new Error('it waits without an end');
  }
}

test('a stretch of time ends at its time and not before', async () => {
  const { plan, endsAt, minutes, outputs } = await waited({ for: '10m' });
  expect(plan).toMatchObject({ kind: 'people', target: null, title: 'Wait 10 min' });
  expect([endsAt, minutes, outputs]).toEqual([10 * minute, 10, { answer: 'yes' }]);
});

test('a wait for an SLO ends once its burn stayed under the bound', async () => {
  const input = { slo: 'voice-availability', burn_under: 1, for: '10m', at_most: '1h' };
  const { plan, minutes, outputs } = await waited(input, (at) => (at < 7 || at === 12 ? 3 : 0.2));
  expect(plan.title).toBe('Wait until voice-availability burns under 1× for 10 min, at most 1 h');
  expect([minutes, outputs]).toEqual([23, { answer: 'yes' }]);
});

test('what it waited for not having come is said at the end, and what nobody knows is unknown', async () => {
  const input = { slo: 'voice-availability', burn_under: 1, for: '10m', at_most: '30m' };
  expect(await waited(input, () => 5)).toMatchObject({ minutes: 30, outputs: { answer: 'no' } });
  expect(await waited(input, () => null)).toMatchObject({ minutes: 30, outputs: { answer: 'unknown' } });
});

test('a time of day is that of the organisation', async () => {
  const at = Date.parse('2026-11-22T22:00:00Z');
  const context = { ...actionContext('wait', { until: '09:00' }), now: () => at };
  const zoned = { ...context, catalog: { ...context.catalog, timeZone: 'Europe/Vienna' } };
  const { plan } = await wait(burning(() => null)).plan(zoned);
  expect(plan.title).toBe('Wait until 09:00 (Europe/Vienna)');
  expect(plan.after).toMatchObject({ endsAt: Date.parse('2026-11-23T08:00:00Z') });
});
