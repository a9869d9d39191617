import { expect, test } from 'vitest';
import { inParallel } from '#app/engine/in-parallel.ts';

test('what fails keeps nothing else from its turn, and the first failure is told at the end', async () => {
  const seen: number[] = [];
  const work = async (item: number) => {
    seen.push(item);
    if (item <= 3) throw new Error(`${item} failed`);
  };
  await expect(inParallel([1, 2, 3, 4, 5, 6], 2, work)).rejects.toThrow('1 failed');
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
});

test('never more at once than the limit', async () => {
  let [now, most] = [0, 0];
  await inParallel([1, 2, 3, 4, 5], 2, async () => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
  });
  expect(most).toBe(2);
});
