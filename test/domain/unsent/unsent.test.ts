import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fieldsToKeep, unsentWords } from '#app/domain/unsent/unsent.ts';

const namesKept = (...names: string[]) => fieldsToKeep(names.map((name) => [name, 'x'])).fields.map(([name]) => name);

test('what is bound to the page, what one says anew and what is secret do not wait', () => {
  expect(
    namesKept('intent', 'step', 'hash', 'epoch', 'acknowledged', 'acknowledgePage', 'blind', 'reason', 'slo', 'slo'),
  ).toEqual(['intent', 'step', 'reason', 'slo', 'slo']);
  expect(namesKept('password', 'newPassword', 'csrf', '_token', 'apiSecret', 'seen')).toEqual(['seen']);
  expect(fieldsToKeep([['file', new Blob(['x'])]]).fields).toEqual([]);
});

test('no page has a box of "I know" that would be ticked again', () => {
  const components = join(import.meta.dirname, '../../../app/components');
  const boxes = readdirSync(components, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tsx'))
    .flatMap((name) => readFileSync(join(components, name), 'utf8').match(/<input\s[^>]*?type="checkbox"[^>]*>/g) ?? [])
    .filter((box) => /\brequired\b/.test(box))
    .map((box) => /name="(\w+)"/.exec(box)?.[1] ?? box);
  expect(boxes.length).toBeGreaterThan(3);
  expect(namesKept(...boxes)).toEqual([]);
});

test('of what is too much the longest goes, and the words say so', () => {
  const form: [string, string][] = [
    ['intent', 'note'],
    ['text', 'x'.repeat(30_000)],
    ['reason', 'It burns.'],
  ];
  const { fields, cut } = fieldsToKeep(form);
  expect([fields, cut]).toEqual([[form[0], form[2]], true]);
  expect(unsentWords({ cut })).toContain('too long to keep');
  expect(unsentWords({ cut: false })).toBe(
    'Acting asked for your sign-in first; nothing was sent yet. Check and send it.',
  );
});

test('a body of far more fields than any page has is not looked at field by field', () => {
  const many = Array.from({ length: 300_000 }, (_, index): [string, string] => [`n${index}`, 'x']);
  const { fields, cut } = fieldsToKeep(many);
  expect([fields.length, cut]).toEqual([200, true]);
});
