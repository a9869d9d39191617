import type { FlagState } from '../../domain/flag/flag.ts';
import { notRaised } from '../../domain/flag/not-raised.ts';
import { onlyUp } from '../../domain/rollout/only-up.ts';
import type { RolloutPlan, RolloutSubject } from '../../domain/rollout/plan.ts';
import { inForce, type TrafficState } from '../../domain/service/traffic.ts';
import { AppError } from '../../errors.ts';
import type { Db, Tx } from '../../platform/db.server.ts';

/** Throws `bad_input` where the first stage is not above what was last seen to stand: people would lose it. */
export async function mustRaise(db: Db | Tx, subject: RolloutSubject, plan: RolloutPlan): Promise<void> {
  const stands = await standsOver(db, subject, plan.stages[0]!.percent);
  if (stands !== null) throw new AppError('bad_input', onlyUp(subject, plan, 0, stands), { field: 'stages' });
}

/** The share that was last seen of a rollout's subject, where setting `percent` would not raise it; null where it would, or nothing was seen. */
export async function standsOver(db: Db | Tx, subject: RolloutSubject, percent: number): Promise<string | null> {
  if (subject.kind === 'flag') {
    const flags = await observed<FlagState[]>(db, 'unleash', 'flags');
    const state = flags
      ?.find(({ flag }) => flag === subject.flag)
      ?.environments.find(({ environment }) => environment === subject.environment);
    return state ? notRaised(state, percent) : null;
  }
  const seen = await observed<{ service: TrafficState }>(db, 'cloud-run', `service/${subject.service}`);
  const share = (seen && inForce(seen.service)[subject.revision]) ?? 0;
  return share >= percent ? `${share} %` : null;
}

async function observed<T>(db: Db | Tx, source: string, key: string): Promise<T | null> {
  const row = await db
    .selectFrom('observation')
    .select('value')
    .where('source', '=', source)
    .where('key', '=', key)
    .executeTakeFirst();
  return (row?.value as T | null | undefined) ?? null;
}
