import { expect, test } from 'vitest';
import { didYouMean, nearest } from '#app/domain/yaml/nearest.ts';

test.each([
  ['srvice', ['service', 'slos'], 'service'],
  ['sevrice', ['service', 'slos'], 'service'],
  ['TARGET', ['target', 'targetPercent'], 'target'],
  ['voiceover-v3', ['voiceover-v2', 'voiceover-fallback'], 'voiceover-v2'],
  ['x', ['y'], null],
  ['something-else', ['service'], null],
])('%s is nearest to one of %j: %s', (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});

test('a hint names the nearest, else a short list, else nothing', () => {
  expect(didYouMean('stats', ['state', 'owner'])).toBe('Did you mean "state"?');
  expect(didYouMean('zzz', ['state', 'owner'])).toBe('Known here: state, owner.');
  expect(didYouMean('zzz', [])).toBeNull();
});
