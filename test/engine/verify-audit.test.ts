import { expect, test } from 'vitest';
import { verifyAuditTask } from '#app/engine/verify-audit.server.ts';

test('what the chain was found to be is kept with the time at which the look began', async () => {
  const seen: unknown[] = [];
  let now = 1_000;
  const broken = { ok: false, brokenAt: 7, entries: 6 };
  const task = verifyAuditTask({
    audit: {
      async verify() {
        now = 5_000;
        return broken;
      },
    },
    observations: {
      async saw(...observed) {
        seen.push(observed);
      },
    },
    clock: { now: () => now },
  });
  await task.run(new AbortController().signal);
  expect(seen).toEqual([['firebreak', 'audit', broken, 1_000]]);
});
