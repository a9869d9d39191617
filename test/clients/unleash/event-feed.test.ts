import { expect, test } from 'vitest';
import { createEventFeed } from '#app/clients/unleash/event-feed.ts';
import { createFlagCache } from '#app/clients/unleash/flag-cache.ts';
import type { UnleashEvent } from '#app/clients/unleash/port.ts';
import type { FlagState } from '#app/domain/flag/flag.ts';
import { flagInUnleash } from '#test/support/flags.ts';

const event = (id: number, over: Partial<UnleashEvent> = {}): UnleashEvent => ({
  id,
  type: 'feature-environment-enabled',
  createdAt: id,
  createdBy: 'admin',
  flag: 'a',
  environment: 'production',
  data: null,
  preData: null,
  ...over,
});
const newestFirst = (...ids: number[]) => ids.map((id) => event(id));
const ids = (events: UnleashEvent[]) => events.map(({ id }) => id);

test('the feed gives each event once, oldest first, gaps or not', () => {
  const feed = createEventFeed();
  expect(ids(feed.take(0, newestFirst(7, 4, 2)))).toEqual([2, 4, 7]);
  expect(ids(feed.take(7, newestFirst(9, 7, 4, 2)))).toEqual([9]);
  expect(ids(feed.take(9, newestFirst(9, 7, 4, 2)))).toEqual([]);
});

test('an event that becomes visible after a higher one is still given', () => {
  const feed = createEventFeed();
  feed.take(0, newestFirst(10, 8));
  expect(ids(feed.take(10, newestFirst(10, 9, 8)))).toEqual([9]);
  expect(ids(feed.take(10, newestFirst(10, 9, 8)))).toEqual([]);
});

test('what could not be stored is given again', () => {
  const feed = createEventFeed();
  feed.take(0, newestFirst(3));
  expect(ids(feed.take(0, newestFirst(3)))).toEqual([3]);
});

test('after a restart nothing from before the cursor is repeated', () => {
  const feed = createEventFeed();
  expect(feed.floor(500)).toBe(500);
  expect(ids(feed.take(500, newestFirst(502, 500, 499)))).toEqual([502]);
});

const state = (flag: string, parents: string[] = []) => flagInUnleash(flag, { parents });

function filled(...states: FlagState[]) {
  const cache = createFlagCache(50);
  cache.learn(newestFirst(10));
  for (const one of states) cache.put(one);
  const known = () => states.map(({ flag }) => flag).filter((flag) => cache.get(flag));
  return { cache, known };
}

test('the cache forgets the flag that an event names, late ones included, and keeps the rest', () => {
  const { cache, known } = filled(state('a'), state('b'));
  cache.learn([event(10)]);
  expect(known()).toEqual(['a', 'b']);
  cache.learn([event(10), event(9, { flag: 'b' })]);
  expect(known()).toEqual(['a']);
});

test('a dependency concerns both ends', () => {
  const { cache, known } = filled(state('child', ['parent']), state('parent'), state('other'));
  cache.learn([event(11, { flag: 'child', type: 'feature-dependencies-removed' }), event(10)]);
  expect(known()).toEqual(['other']);
});

test('a segment concerns every flag, a new token none', () => {
  const { cache, known } = filled(state('a'), state('b'));
  cache.learn([event(11, { flag: null, type: 'api-token-created' }), event(10)]);
  expect(known()).toEqual(['a', 'b']);
  cache.learn([event(12, { flag: null, type: 'segment-updated' }), event(11), event(10)]);
  expect(known()).toEqual([]);
});
