import { expect, test } from 'vitest';
import { readVariantShares, variantSharesText } from '#app/domain/flag/variant-shares.ts';

test.each([
  ['blue 50, green 50', 'blue 50, green 50'],
  [' blue:33.3 %,green 66.7', 'blue 33.3, green 66.7'],
  ['only 100', 'only 100'],
])('%s is read', (text, said) => {
  const read = readVariantShares(text);
  const shares = 'shares' in read ? read.shares : [];
  expect(shares.map(({ name, percent }) => `${name} ${percent}`).join(', ')).toBe(said);
});

test.each([
  ['', 'is no variant with its share'],
  ['blue', 'is no variant with its share'],
  ['blue 50, green 49', 'add up to 99 %'],
  ['blue 50, blue 50', 'stands there twice'],
  ['blue -5, green 105', 'is no variant with its share'],
])('%s is refused in words', (text, words) => {
  expect(readVariantShares(text)).toMatchObject({ problem: expect.stringContaining(words) });
});

test('what a strategy has is said as it is read', () => {
  expect(variantSharesText([])).toBe('');
  expect(
    variantSharesText([
      { name: 'blue', weight: 333 },
      { name: 'green', weight: 667 },
    ]),
  ).toBe('blue 33.3, green 66.7');
});
