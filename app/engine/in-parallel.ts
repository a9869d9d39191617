/** Runs `work` over `items`, at most `limit` at once. One that fails keeps no other from its turn; the first failure is thrown after all have ended. */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const failures: unknown[] = [];
  const lanes = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift())
      await work(item).catch((error: unknown) => void failures.push(error));
  });
  await Promise.all(lanes);
  if (failures.length > 0) throw failures[0];
}
