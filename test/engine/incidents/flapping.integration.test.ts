import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Tier } from '#app/domain/slo/slo.ts';
import { pollPagerDuty } from '#app/engine/incidents/poll-pagerduty.server.ts';
import { settlePages } from '#app/engine/incidents/settle-pages.server.ts';
import type { SloState } from '#app/stores/stores.ts';
import { history } from '../../support/pages/world.ts';
import { type Harness, startHarness } from './harness.ts';

let at: Harness;
beforeEach(async () => {
  at = await startHarness();
});
afterEach(() => at.stop());

const slo = 'voiceover-availability';
const later = (minutes: number) => at.clock.advance(minutes * 60_000);
const ada = { id: 'UADA', type: 'user_reference', name: 'Ada' } as const;
/** One evaluation, and what leaves after it. */
const evaluate = async (tier: Tier | null, id = slo) => {
  await at.apply(at.verdict(id, tier));
  while ((await at.deliver()) > 0) {}
  await pollPagerDuty(at.deps);
};
/** How often somebody was woken: PagerDuty incidents there ever were. */
const woken = () => {
  let number = 1;
  while (at.pagerDuty.desk.find(String(number))) number += 1;
  return number - 1;
};
const standing = () => at.pagerDuty.desk.standing().length;
/** As the engine looks again by itself, without a new evaluation. */
const settle = async () => {
  const catalog = async () =>
    ({
      ...(await at.deps.catalog()),
      slos: [{ id: slo, paging: 'firebreak', service: 'voiceover' }],
    }) as unknown as Catalog;
  const evaluation = history(slo, []).evaluation;
  await settlePages({ ...at.deps, catalog, states: async () => [{ slo, evaluation } as unknown as SloState] });
  while ((await at.deliver()) > 0) {}
};

test('a burn that comes and goes for two hours wakes somebody twice, and PagerDuty hears that it is over after the last quiet half hour', async () => {
  for (let flap = 0; flap < 10; flap++) {
    await evaluate('page-fast');
    later(6);
    await evaluate(null);
    later(6);
    await settle();
  }
  expect([woken(), standing()]).toEqual([2, 1]);
  const [incident, ...others] = await at.incidents.recent(5);
  expect([others, incident?.status]).toEqual([[], 'resolved']);
  const words = (await at.incidents.timeline(incident!.id)).map(({ text }) => text);
  expect(words).toContain(`Opened again: ${slo} burns again within two hours, 9 times by now.`);
  later(23);
  await settle();
  expect(standing()).toBe(1);
  later(2);
  await settle();
  expect([woken(), standing()]).toEqual([2, 0]);
});

test('the page that says it burned again says how often', async () => {
  await evaluate('page-fast');
  later(5);
  await evaluate(null);
  later(5);
  await evaluate('page-fast');
  expect(at.pagerDuty.desk.standing()[0]?.title).toBe(`${slo} burns · burned again once in 2 h`);
});

test('a graver burn that comes back wakes somebody at once; the same one joins what is acknowledged', async () => {
  await evaluate('page-slow');
  later(5);
  await evaluate(null);
  later(5);
  await evaluate('page-slow');
  expect(woken()).toBe(2);
  at.pagerDuty.desk.acknowledge(at.pagerDuty.desk.standing()[0]!, ada);
  later(5);
  await evaluate(null);
  later(5);
  await evaluate('page-slow');
  expect(woken()).toBe(2);
  later(5);
  await evaluate(null);
  later(5);
  await evaluate('page-fast');
  expect([woken(), standing()]).toEqual([3, 1]);
  expect(at.pagerDuty.desk.standing()[0]?.status).toBe('triggered');
  later(1);
  await evaluate('page-fast');
  expect(woken()).toBe(3);
});

test('another SLO that begins to burn after a quiet is news, also while it flaps', async () => {
  for (const _ of [1, 2]) {
    await evaluate('page-slow');
    later(5);
    await evaluate(null);
    later(5);
  }
  expect([woken(), standing()]).toEqual([2, 1]);
  await evaluate('page-slow', 'voiceover-latency');
  expect(woken()).toBe(3);
});

test('whoever resolved it while it was quiet is paged at once when it comes back', async () => {
  for (const _ of [1, 2]) {
    await evaluate('page-fast');
    later(5);
    await evaluate(null);
    later(5);
  }
  at.pagerDuty.desk.resolve(at.pagerDuty.desk.standing()[0]!, ada);
  await pollPagerDuty(at.deps);
  await at.pagerDuty.tick();
  later(5);
  await evaluate('page-fast');
  expect([woken(), standing()]).toEqual([3, 1]);
});
