import { expect, test } from 'vitest';
import { plural } from '#app/domain/plural.ts';

test.each([
  [0, 'flag', undefined, '0 flags'],
  [1, 'flag', undefined, '1 flag'],
  [2, 'flag', undefined, '2 flags'],
  [1, 'entry', 'entries', '1 entry'],
  [1_204, 'entry', 'entries', '1,204 entries'],
] as const)('%d %s', (count, noun, many, text) => {
  expect(plural(count, noun, many)).toBe(text);
});
