import type { FlagDeclaration } from '#app/domain/flag/flag.ts';
import { type AdminStrategy, flagPath, type UnleashCall } from './unleash-api.ts';

/**
 * Gives every flag in production what `seedFlags` gave it: one gradual rollout for the share that `exposure` says, on, or
 * off at 0. What stands so already is not written.
 */
export async function resetFlags(
  call: UnleashCall,
  flags: readonly FlagDeclaration[],
  exposure: (flag: FlagDeclaration) => number,
): Promise<void> {
  for (const flag of flags) {
    if (!flag.environments.some(({ name }) => name === 'production')) continue;
    await resetFlag(call, flag, exposure(flag));
  }
}

async function resetFlag(call: UnleashCall, { name }: FlagDeclaration, share: number): Promise<void> {
  const path = flagPath(name, 'production');
  const rollout = String(Math.round((share > 0 ? share : 1) * 100));
  const found = (await call('GET', path)) as { enabled: boolean; strategies: AdminStrategy[] };
  const [first, ...others] = found.strategies;
  const asAtFirst = first?.name === 'flexibleRollout' && first.parameters.rollout === rollout && !first.disabled;
  const plain =
    (first?.constraints.length ?? 0) + (first?.segments?.length ?? 0) + (first?.variants?.length ?? 0) === 0;
  // Off while it is written: nobody is to get something in between.
  if (!(asAtFirst && plain && others.length === 0)) {
    if (found.enabled) await call('POST', `${path}/off`);
    for (const { id } of found.strategies) await call('DELETE', `${path}/strategies/${id}`);
    await call('POST', `${path}/strategies`, {
      name: 'flexibleRollout',
      constraints: [],
      parameters: { rollout, stickiness: 'userId', groupId: name },
    });
    if (share > 0) await call('POST', `${path}/on`);
  } else if (found.enabled !== share > 0) await call('POST', `${path}/${share > 0 ? 'on' : 'off'}`);
}
