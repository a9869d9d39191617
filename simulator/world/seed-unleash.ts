import type { FlagDeclaration } from '#app/domain/flag/flag.ts';
import { type AdminStrategy, flagPath, type UnleashCall, UnleashError } from './unleash-api.ts';

/**
 * Creates in Unleash what is missing of the declared flags: each with a gradual rollout in all its environments, on in
 * production for the share `exposure` gives (off at 0) and on for everybody in the others. What exists is left as it stands.
 */
export async function seedFlags(
  call: UnleashCall,
  flags: FlagDeclaration[],
  exposure: (flag: FlagDeclaration) => number,
): Promise<{ created: string[] }> {
  const created: string[] = [];
  for (const flag of flags) {
    if (!(await createFlag(call, flag))) continue;
    for (const { name: environment } of flag.environments) {
      const share = environment === 'production' ? exposure(flag) : 1;
      await startRollout(call, flag.name, environment, share);
    }
    created.push(flag.name);
  }
  return { created };
}

async function createFlag(call: UnleashCall, flag: FlagDeclaration): Promise<boolean> {
  try {
    await call('POST', '/projects/default/features', {
      name: flag.name,
      description: flag.description.slice(0, 1000),
      type: flag.type,
      impressionData: false,
    });
    return true;
  } catch (error) {
    if (error instanceof UnleashError && error.status === 409) return false;
    throw error;
  }
}

/** Switching an environment on that has no strategy would silently expose everybody: strategy first, read back, then on. */
async function startRollout(call: UnleashCall, flag: string, environment: string, share: number): Promise<void> {
  const path = flagPath(flag, environment);
  const percent = String(Math.round((share > 0 ? share : 1) * 100));
  await call('POST', `${path}/strategies`, {
    name: 'flexibleRollout',
    constraints: [],
    parameters: { rollout: percent, stickiness: 'userId', groupId: flag },
  });
  const strategies = (await call('GET', `${path}/strategies`)) as AdminStrategy[];
  if (strategies.length !== 1 || strategies[0]?.parameters.rollout !== percent)
    throw new Error(`Unleash did not keep the rollout of ${flag} in ${environment}.`);
  if (share > 0) await call('POST', `${path}/on`);
}
