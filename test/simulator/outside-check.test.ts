import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkKey, createOutsideCheck } from '#simulator/outside-check.ts';
import { checkService } from '#simulator/pagerduty-account.ts';
import { startPagerDuty, type TestPagerDuty } from './pagerduty/start.ts';

let pagerDuty: TestPagerDuty;
beforeEach(async () => {
  pagerDuty = await startPagerDuty({ services: [{ id: 'PVOICE1', name: 'Voice', source: 'voice' }, checkService] });
});
afterEach(() => pagerDuty.stop());

const seconds = (count: number) => pagerDuty.clock.advance(count * 1_000);

test('pages on its own service once the pings have stopped for four minutes, and ends that with the next one', () => {
  const check = createOutsideCheck(pagerDuty);
  const pages = () => pagerDuty.desk.standing().map(({ title, service }) => [service, title]);
  check.look();
  seconds(3_600);
  check.look();
  // Nobody ever pinged it: nothing is expected.
  expect(pages()).toEqual([]);
  for (let cycle = 0; cycle < 20; cycle++) {
    check.ping();
    seconds(15);
    check.look();
  }
  seconds(224);
  check.look();
  expect(pages()).toEqual([]);
  seconds(1);
  check.look();
  seconds(600);
  check.look();
  const page = ['PWATCHER', 'Firebreak is silent: no ping for 4 min, so nobody is watching'];
  expect(pages()).toEqual([page]);
  expect(pagerDuty.desk.standing()[0]).toMatchObject({ urgency: 'high', alerts: [{ key: checkKey }] });
  check.ping();
  expect(pages()).toEqual([]);
  seconds(240);
  check.look();
  expect(pages()).toEqual([page]);
});

test('where data time is hurried, minutes of it that pass within seconds are no silence', () => {
  const { clock, desk } = pagerDuty;
  let wall = 0;
  const check = createOutsideCheck({ clock: { ...clock, wall: () => wall }, desk });
  check.ping();
  seconds(2_700);
  wall += 19_999;
  check.look();
  expect(desk.standing()).toEqual([]);
  wall += 1;
  check.look();
  expect(desk.standing()).toHaveLength(1);
});
