import { expect, test } from 'vitest';
import { topicsConcern } from '#app/components/topics.ts';

test.each([
  [['slos'], ['slos'], true],
  [['flags'], ['slos', 'runs'], false],
  [['run/17'], ['run/'], true],
  [['runs'], ['run/'], false],
  [['*'], [], true],
  [[], ['slos'], false],
])('%j for a page that listens to %j: %s', (topics, wanted, concerned) => {
  expect(topicsConcern(topics, wanted)).toBe(concerned);
});
