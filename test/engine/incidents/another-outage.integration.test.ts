import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Tier } from '#app/domain/slo/slo.ts';
import { pollPagerDuty } from '#app/engine/incidents/poll-pagerduty.server.ts';
import { createSilenceStore } from '#app/stores/silences.server.ts';
import { type Harness, startHarness } from './harness.ts';

let at: Harness;
beforeEach(async () => {
  at = await startHarness();
});
afterEach(() => at.stop());

const later = (minutes: number) => at.clock.advance(minutes * 60_000);
const latency = 'voiceover-latency';
const availability = 'voiceover-availability';
const ada = { id: 'UADA', type: 'user_reference', name: 'Ada' } as const;
/** One evaluation of what burns since when (data ms), and what leaves after it. */
const evaluate = async (...burns: [slo: string, tier: Tier | null, startedAt?: number][]) => {
  await at.apply(...burns.map(([slo, tier, startedAt]) => at.verdict(slo, tier, startedAt ? { startedAt } : {})));
  while ((await at.deliver()) > 0) {}
  await pollPagerDuty(at.deps);
};
const pages = () => at.pagerDuty.desk.standing().map(({ status, title }) => [status, title]);
const acknowledge = async () => {
  at.pagerDuty.desk.acknowledge(at.pagerDuty.desk.standing()[0]!, ada);
  await pollPagerDuty(at.deps);
};

test('an outage of the same service two hours after a page that somebody acknowledged wakes them again, once', async () => {
  await evaluate([latency, 'page-slow']);
  await acknowledge();
  later(120);
  const began = at.clock.now() - 120_000;
  await evaluate([latency, 'page-slow', began - 7_000_000], [availability, 'page-fast', began]);
  expect(pages()).toEqual([['triggered', `${availability} burns`]]);
  expect(await at.incidents.open()).toHaveLength(1);
  await acknowledge();
  for (let minute = 1; minute <= 20; minute++) {
    later(1);
    await evaluate([latency, 'page-slow', began - 7_000_000], [availability, 'page-fast', began + 1_200_000]);
  }
  expect(pages()).toEqual([['acknowledged', `${availability} burns`]]);
  expect(at.pagerDuty.desk.find('3')).toBeUndefined();
});

test('what began within ten minutes of the page has its cause, however late it is seen and whatever is thought of its beginning later', async () => {
  await evaluate([latency, 'page-slow']);
  const paged = at.clock.now();
  await acknowledge();
  later(45);
  await evaluate([availability, 'page-slow', paged + 600_000]);
  later(10);
  await evaluate([availability, 'page-slow', paged + 1_800_000]);
  expect(pages()).toEqual([['acknowledged', `${latency} burns`]]);
});

test('an outage that begins under a silence wakes somebody as soon as that is over', async () => {
  await evaluate([latency, 'page-slow']);
  await acknowledge();
  later(60);
  const silences = createSilenceStore(at.db, at.deps.notify, async () => undefined);
  const by = { name: 'Ada', email: 'ada@studio.example', at: at.clock.now(), address: null };
  const until = at.clock.now() + 30 * 60_000;
  await silences.make({ scope: 'slo', target: availability, until, reason: 'Load test' }, by);
  later(5);
  await evaluate([availability, 'page-fast']);
  expect(pages()).toEqual([['acknowledged', `${latency} burns`]]);
  later(25);
  await evaluate([availability, 'page-fast']);
  expect(pages()).toEqual([['triggered', `${availability} burns`]]);
});

test('a ticket of the same service joins the ticket that stands, which stays as it is', async () => {
  await evaluate([latency, 'ticket-slow']);
  await acknowledge();
  later(120);
  await evaluate([availability, 'ticket-fast']);
  expect(pages()).toEqual([['acknowledged', `${latency} burns`]]);
});
