import { afterEach, beforeEach, expect, test } from 'vitest';
import { OutsideError } from '#app/platform/outside-error.ts';
import { createDeliveryStore } from '#app/stores/deliveries.server.ts';
import { type Harness, startHarness } from './harness.ts';

let at: Harness;
beforeEach(async () => {
  at = await startHarness();
});
afterEach(() => at.stop());

const later = (seconds: number) => at.clock.advance(seconds * 1_000);
const burn = (...services: string[]) =>
  at.apply(...services.map((service) => at.verdict(`${service}-availability`, 'page-fast')));
/** Every PagerDuty incident there ever was, oldest first. */
const everything = () => {
  const { desk } = at.pagerDuty;
  const found = [];
  for (let number = 1; desk.find(String(number)); number++) found.push(desk.find(String(number))!);
  return found;
};
const titles = () => everything().map(({ title }) => title.replace('-availability burns', ''));
/** How often PagerDuty heard of each, by its own log. */
const triggers = () => everything().map(({ log }) => log.filter(({ type }) => type === 'trigger_log_entry').length);

test('an hour without PagerDuty: the pages of several incidents wait, then leave in order, none lost and none doubled', async () => {
  const begins = { a: 0, b: 11, c: 25, d: 38, e: 52, f: 59 };
  at.pagerDuty.faults.set('pagerduty', '500');
  for (let minute = 0; minute < 60; minute++) {
    if (minute === 20) at.pagerDuty.faults.set('pagerduty', 'reset');
    if (minute === 40) at.pagerDuty.faults.set('pagerduty', 'garbage');
    const burning = Object.entries(begins).filter(([, from]) => minute >= from);
    await burn(...burning.map(([service]) => service));
    // Two engines at once, all the time.
    expect(await Promise.all([at.deliver(), at.deliver()])).toEqual([0, 0]);
    later(60);
  }
  expect(everything()).toEqual([]);
  const waiting = await createDeliveryStore(at.db).recent({ limit: 99, open: true });
  expect(waiting.map(({ state }) => state.kind)).toEqual(Array.from({ length: 6 }, () => 'retrying'));
  expect((await at.incidents.open()).map(({ pageTrouble }) => pageTrouble?.kind)).toContain('waiting');

  at.pagerDuty.faults.set('pagerduty', 'none');
  for (let round = 0; round < 160 && everything().length < 6; round++) {
    await Promise.all([at.deliver(), at.deliver()]);
    later(2);
  }
  expect(titles()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  await burn(...Object.keys(begins));
  await Promise.all([at.deliver(), at.deliver()]);
  expect(triggers()).toEqual([1, 1, 1, 1, 1, 1]);
  const arrived = await createDeliveryStore(at.db).recent({ limit: 99, open: false });
  expect(arrived.map(({ state }) => state.kind)).toEqual(Array.from({ length: 6 }, () => 'delivered'));
  expect((await at.incidents.open()).every(({ pagedAt, pageTrouble }) => pagedAt !== null && !pageTrouble)).toBe(true);
});

test('as soon as one page is taken the others follow at once, oldest first', async () => {
  at.pagerDuty.faults.set('pagerduty', '500');
  for (const service of ['a', 'b', 'c']) {
    await burn(service);
    // Until each waits for minutes.
    for (let round = 0; round < 60; round++) {
      await at.deliver();
      later(20);
    }
  }
  at.pagerDuty.faults.set('pagerduty', 'none');
  await burn('d');
  while ((await at.deliver()) > 0) {}
  expect(titles()).toEqual(['a', 'b', 'c', 'd']);
});

test('what ended while PagerDuty was down is told with its end behind it, and leaves nothing standing', async () => {
  at.pagerDuty.faults.set('pagerduty', '500');
  await burn('a');
  await at.deliver();
  later(600);
  await burn('b');
  await at.apply(at.verdict('a-availability', null));
  await at.deliver();
  later(600);
  at.pagerDuty.faults.set('pagerduty', 'none');
  for (let round = 0; round < 5; round++) await Promise.all([at.deliver(), at.deliver()]);
  expect(titles()).toEqual(['a', 'b']);
  expect(everything().map(({ status }) => status)).toEqual(['resolved', 'triggered']);
});

test('an engine that is killed before or after it sends leaves its page to another, once', async () => {
  const dies = new Promise<never>(() => undefined);
  await burn('a');
  later(660);
  await burn('b');
  // Killed with one sent and not written down, and one not sent: neither promise ever ends.
  void at.deliver({
    pagerDuty: {
      ...at.rest,
      sendEvent: async (event) => {
        await at.rest.sendEvent(event);
        await dies;
      },
    },
  });
  await expect.poll(() => titles()).toEqual(['a']);
  expect(await at.deliver()).toBe(0);
  later(31);
  const counts = await Promise.all([at.deliver(), at.deliver(), at.deliver()]);
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(2);
  expect(titles()).toEqual(['a', 'b']);
  // The page that was sent already joined what stood: nobody was woken by it again.
  expect(triggers()).toEqual([2, 1]);
});

test('a door that stalls is asked twice a round, not once for each page, and a page that alone stalls holds nobody up', async () => {
  for (const service of ['a', 'b', 'c', 'd', 'e']) await burn(service);
  let asked = 0;
  const stalls = (only: (summary: string) => boolean) =>
    at.deliver({
      pagerDuty: {
        ...at.rest,
        sendEvent: async (event) => {
          asked += 1;
          if (only(event.summary))
            throw new OutsideError('PagerDuty', 'timeout', 'PagerDuty did not answer within 5 s');
          await at.rest.sendEvent(event);
        },
      },
    });
  expect([await stalls(() => true), asked]).toEqual([0, 2]);
  later(60);
  const troubles = (await at.incidents.open()).map(({ pageTrouble }) => pageTrouble?.kind);
  expect(troubles).toEqual(Array.from({ length: 5 }, () => 'waiting'));
  expect(await stalls((summary) => summary.startsWith('a-'))).toBe(4);
  expect(titles().sort()).toEqual(['b', 'c', 'd', 'e']);
  later(60);
  expect(await at.deliver()).toBe(1);
});
