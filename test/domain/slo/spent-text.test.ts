import { expect, test } from 'vitest';
import { spentText } from '#app/domain/slo/figures.ts';

test.each([
  [0, '0.0 %'],
  [0.0001, 'under 0.1 %'],
  [0.021, '2.1 %'],
  [0.7117, '71.2 %'],
  [-0.004, '−0.4 %'],
  [12.5, '1,250.0 %'],
])('a share of %d of a budget took %s', (share, text) => {
  expect(spentText(share)).toBe(text);
});
