import { expect, test } from 'vitest';
import type { ActionContext, Move } from '#app/actions/action.ts';
import { flagKill } from '#app/actions/flag-kill.server.ts';
import { readFlag } from '#app/actions/flag-read.server.ts';
import type { SafeState } from '#app/domain/flag/flag.ts';
import { AppError } from '#app/errors.ts';

const down = async () => {
  throw new AppError('unavailable', 'Unleash is left alone for a moment.');
};

/** A kill while every read of Unleash fails; what it writes is kept. */
function killWithoutReads(safe: SafeState) {
  const written: unknown[][] = [];
  const unleash = { flag: down, usage: down };
  const write = { setEnabled: async (...args: unknown[]) => void written.push(args.slice(0, 3)) };
  const action = flagKill({ unleash, write } as unknown as Parameters<typeof flagKill>[0]);
  const context = { signal: new AbortController().signal, now: () => 0, speed: () => 1 } as ActionContext;
  const move = { plan: { after: { flag: 'f', environment: 'production', safe } } } as Move;
  return { written, done: action.apply(context, move) };
}

test('a flag that is safe when off is turned off though it cannot be read', async () => {
  const { written, done } = killWithoutReads({ state: 'off' });
  expect(await done).toMatchObject({ next: 'done', evidence: { expected: false } });
  expect(written).toEqual([['f', 'production', false]]);
});

test('a flag and who evaluates it are read at once', async () => {
  let found = (_flag: unknown) => {};
  const flag = () => new Promise((resolve) => (found = resolve));
  const usage = async () => {
    await Promise.resolve();
    found({ flag: 'f', environments: [{ environment: 'production' }], children: [] });
    return [];
  };
  const context = { input: { flag: 'f', environment: 'production' }, signal: new AbortController().signal };
  const deps = { unleash: { flag, usage }, observations: {} } as unknown as Parameters<typeof readFlag>[0];
  expect(await readFlag(deps, context as unknown as ActionContext)).toMatchObject({ ok: true, usage: [] });
});

test('a flag that is safe when on is not turned on blindly', async () => {
  const { written, done } = killWithoutReads({ state: 'on' });
  await expect(done).rejects.toMatchObject({ code: 'unavailable' });
  expect(written).toEqual([]);
});

test('a follow-up is left where the environment is protected, the console stands in it, or nobody declares it', () => {
  const environments = [
    { name: 'production', protected: true },
    { name: 'development', protected: false },
    { name: 'live', protected: false },
  ];
  const catalog = { flags: [{ name: 'f', service: 'shop', owners: ['web'], environments }] };
  const action = flagKill({ ownEnvironment: 'live' } as Parameters<typeof flagKill>[0]);
  const left = (environment: string) => {
    const move = { plan: { after: { flag: 'f', environment, safe: { state: 'off' } } } } as Move;
    return action.leaves!({ catalog, step: { expires: 1 } } as unknown as ActionContext, move, 'apply').followUp;
  };
  expect(left('production')).toMatchObject({ kind: 'flag-killed', target: 'flag/production/f' });
  expect(left('staging')).not.toBeNull();
  expect(left('live')).not.toBeNull();
  expect(left('development')).toBeNull();
});
