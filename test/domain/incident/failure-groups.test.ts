import { expect, test } from 'vitest';
import { failureLines } from '#app/domain/incident/failure-groups.ts';

const group = (code: string, revision: string, bad: number) => ({ code, revision, region: 'r', bad, total: 1_000 });

test('groups of one code are one line, most bad first, with the revisions that hold its errors', () => {
  const { lines, bad } = failureLines([
    group('504', 'b', 10),
    group('502', 'a', 3),
    group('502', 'b', 97),
    group('200', 'a', 0),
  ]);
  expect(lines.map((line) => [line.code, line.bad, line.revisions])).toEqual([
    ['502', 100, ['b']],
    ['504', 10, ['b']],
  ]);
  expect(bad).toBe(110);
});

test('the tail is summed, so that nothing is lost', () => {
  const groups = Array.from({ length: 8 }, (_, i) => group(`50${i}`, 'a', 10 - i));
  const { lines, rest, bad } = failureLines(groups, 3);
  expect(lines.reduce((sum, line) => sum + line.bad, 0) + rest).toBe(bad);
});
