import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyCommand } from './commands.ts';
import { openReal, type Real } from './real.ts';
import type { Model } from './reference.ts';

let real: Real;
beforeAll(async () => {
  real = await openReal();
});
afterAll(() => real.close());

test('whatever people, strangers and crashes do, runs go as the reference says, and the target is never acted on twice', async () => {
  const commands = fc.commands(anyCommand, { maxCommands: 30, size: 'max' });
  const property = fc.asyncProperty(commands, async (wanted) => {
    const model = (): Model => ({ target: 'on', runs: [null, null] });
    real.target.value = 'on';
    await fc.asyncModelRun(() => ({ model: model(), real }), wanted);
    expect((await real.chain()).ok).toBe(true);
  });
  await fc.assert(property, { numRuns: 60 });
});
