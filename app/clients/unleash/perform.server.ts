import type { FlagWrite } from '../../domain/flag/kill-plan.ts';
import type { UnleashWrite } from './port.ts';

/** Carries out the writes of a plan in their order; the first that fails ends it, and what was done stays done. */
export async function performFlagWrites(
  unleash: UnleashWrite,
  at: { flag: string; environment: string },
  writes: FlagWrite[],
  signal?: AbortSignal,
): Promise<void> {
  const { flag, environment } = at;
  for (const write of writes) {
    if (write.kind === 'enable') await unleash.setEnabled(flag, environment, true, signal);
    else if (write.kind === 'disable') await unleash.setEnabled(flag, environment, false, signal);
    else if (write.kind === 'add-strategy') await unleash.addStrategy(flag, environment, write.strategy, signal);
    else if (write.kind === 'update-strategy') await unleash.updateStrategy(flag, environment, write.strategy, signal);
    else await unleash.removeStrategy(flag, environment, write.id, signal);
  }
}
