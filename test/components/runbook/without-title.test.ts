import { expect, test } from 'vitest';
import { withoutTitle } from '#app/components/runbook/without-title.ts';

test.each([
  ['<h1 id="a">A &amp; B</h1><p>x</p>', '<p>x</p>'],
  ['<h1 id="a">Another</h1><p>x</p>', '<h1 id="a">Another</h1><p>x</p>'],
  ['<p>x</p><h1>A & B</h1>', '<p>x</p><h1>A & B</h1>'],
])('%s', (html, rest) => {
  expect(withoutTitle(html, 'A & B')).toBe(rest);
});
