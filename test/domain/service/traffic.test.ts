import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  inForce,
  pinned,
  routeBack,
  sameTraffic,
  type TrafficEntry,
  type TrafficState,
  unsettled,
} from '#app/domain/service/traffic.ts';

const entry = (revision: string | null, percent: number, tag: string | null = null): TrafficEntry => ({
  revision,
  percent,
  tag,
});

const state = (over: Partial<TrafficState> = {}): TrafficState => ({
  generation: '43',
  observedGeneration: '43',
  reconciling: false,
  ready: true,
  traffic: [entry('v41', 100)],
  trafficStatuses: [entry('v41', 100)],
  latestReadyRevision: 'v42',
  ...over,
});

test('all of it goes back by name, and tagged entries are carried over', () => {
  expect(routeBack([entry(null, 100), entry('v40', 0, 'canary')], 'v41', 100)).toEqual([
    entry('v41', 100),
    entry('v40', 0, 'canary'),
  ]);
});

test('a first move leaves the rest with those who have it, in their proportion', () => {
  expect(routeBack([entry(null, 100)], 'v41', 5)).toEqual([entry('v41', 5), entry(null, 95)]);
  expect(routeBack([entry('a', 50), entry('b', 30), entry('v41', 20)], 'v41', 60)).toEqual([
    entry('v41', 60),
    entry('a', 25),
    entry('b', 15),
  ]);
});

test('the way back to LATEST is one entry', () => {
  expect(routeBack([entry('v41', 100)], null, 100)).toEqual([entry(null, 100)]);
});

test('a share with tag keeps its tag and gives its percent to the untagged entry', () => {
  expect(routeBack([entry('v42', 100, 'main')], 'v41', 10)).toEqual([
    entry('v41', 10),
    entry('v42', 90),
    entry('v42', 0, 'main'),
  ]);
});

const anyTraffic = fc
  .array(
    fc.tuple(fc.constantFrom(null, 'a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 100 }), fc.constantFrom(null, 't')),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((parts) => {
    const total = parts.reduce((sum, [, weight]) => sum + weight, 0);
    const entries = parts.map(([revision, weight]) => entry(revision, Math.floor((weight / total) * 100)));
    entries[0]!.percent += 100 - entries.reduce((sum, { percent }) => sum + percent, 0);
    return parts[0]![2] ? [...entries, entry('b', 0, 't')] : entries;
  });

test('whatever stands there, the sum is 100, percents are whole and no tag is lost', () => {
  fc.assert(
    fc.property(
      anyTraffic,
      fc.constantFrom(null, 'a', 'x'),
      fc.integer({ min: 1, max: 100 }),
      (current, to, percent) => {
        const next = routeBack(current, to, percent);
        expect(next.reduce((sum, one) => sum + one.percent, 0)).toBe(100);
        expect(next.every((one) => Number.isInteger(one.percent) && one.percent >= 0)).toBe(true);
        expect(next.filter(({ tag }) => tag).length).toBe(current.filter(({ tag }) => tag).length);
        const others = current.some((one) => one.revision !== to && one.percent > 0);
        expect(next[0]).toEqual(entry(to, others ? percent : 100));
      },
    ),
  );
});

test.each([
  ['done', {}, null],
  ['reconciling', { reconciling: true }, 'Cloud Run is still reconciling'],
  ['not yet observed', { observedGeneration: '42' }, 'Cloud Run has seen generation 42 of 43'],
  ['failed', { ready: false }, 'the service is not ready'],
  ['elsewhere', { trafficStatuses: [entry('v42', 100)] }, 'traffic is v42 100 %, not v41 100 %'],
])('%s', (_, over, why) => {
  expect(unsettled(state(over), [entry('v41', 100)])).toBe(why);
});

test('LATEST as intent is settled when the status names the newest ready revision', () => {
  const back = state({ traffic: [entry(null, 100)], trafficStatuses: [entry('v42', 100)] });
  expect(unsettled(back, [entry(null, 100)])).toBeNull();
  expect(inForce(back)).toEqual({ v42: 100 });
});

test('a lost tag is not settled', () => {
  expect(unsettled(state(), [entry('v41', 100), entry('v40', 0, 'canary')])).toBe('the tag canary is missing');
});

test('pinned means that the next deploy gets nothing', () => {
  expect(pinned(state())).toBe(true);
  expect(pinned({ traffic: [entry('v41', 5), entry(null, 95)] })).toBe(false);
  expect(pinned({ traffic: [entry('v41', 100), entry(null, 0, 'next')] })).toBe(true);
});

test('two intents are the same whatever their order', () => {
  expect(sameTraffic([entry('a', 60), entry('b', 40)], [entry('b', 40), entry('a', 60)])).toBe(true);
  expect(sameTraffic([entry('a', 60), entry('b', 40)], [entry('b', 60), entry('a', 40)])).toBe(false);
});
