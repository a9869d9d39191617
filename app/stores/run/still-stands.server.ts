import { sql } from 'kysely';
import type { FlagEnvironmentState, FlagState, SafeState } from '../../domain/flag/flag.ts';
import { isSafe, sameFlagState } from '../../domain/flag/kill-plan.ts';
import { inForce, type TrafficState } from '../../domain/service/traffic.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { StepRow } from './run-rows.ts';

/**
 * False when the change of a step that took effect is known to have been turned back since, by a later run or by
 * somebody outside: whoever asks for it again needs a new run, or a stop would be refused as "already done".
 */
export async function stillStands(tx: Tx | Db, runId: string, stepId: string): Promise<boolean> {
  const step = await tx
    .selectFrom('run_step')
    .selectAll()
    .where('run_id', '=', runId)
    .where('step_id', '=', stepId)
    .executeTakeFirst();
  const target = step?.plan?.target;
  const since = step?.ended_at ?? step?.effect_at ?? null;
  if (!step || (step.state !== 'succeeded' && step.state !== 'verifying') || since === null || !target) return true;
  const later = await tx
    .selectFrom('run_step')
    .select('run_id')
    .where(sql<string>`plan->>'target'`, '=', target)
    .where('state', 'in', ['verifying', 'succeeded'])
    .where('confirmed_at', '>', step.confirmed_at ?? 0)
    // What a flag is called takes back nothing of who gets it.
    .where('uses', '!=', 'flag.define')
    .executeTakeFirst();
  return !later && (await isSeenInForce(tx, step, since)) !== false;
}

/** What the last observation of the target says; null when none began after `since`, or none is kept. */
async function isSeenInForce(tx: Tx | Db, step: StepRow, since: number): Promise<boolean | null> {
  if (step.uses === 'flag.kill') {
    const after = step.plan!.after as { flag: string; environment: string; safe: SafeState };
    const state = await observedFlag(tx, after, since);
    return state && isSafe(state, after.safe);
  }
  if (step.uses === 'flag.restore' || step.uses === 'flag.expose') {
    const after = step.plan!.after as FlagEnvironmentState;
    const state = await observedFlag(tx, after, since);
    return state && sameFlagState(state, after);
  }
  // Its file may say something else by now, and only that is asked for.
  if (step.uses === 'flag.define') return false;
  if (step.uses === 'cloudrun.traffic') {
    const { service, revision, percent } = step.plan!.after as { service: string; revision: string; percent: number };
    const reading = await observed<{ service: TrafficState }>(tx, 'cloud-run', `service/${service}`, since);
    return reading && revision !== null ? inForce(reading.service)[revision] === percent : null;
  }
  return null;
}

async function observedFlag(
  tx: Tx | Db,
  { flag, environment }: Pick<FlagEnvironmentState, 'flag' | 'environment'>,
  since: number,
): Promise<FlagEnvironmentState | null> {
  const flags = await observed<FlagState[]>(tx, 'unleash', 'flags', since);
  return flags?.find((one) => one.flag === flag)?.environments.find((one) => one.environment === environment) ?? null;
}

async function observed<T>(tx: Tx | Db, source: string, key: string, since: number): Promise<T | null> {
  const row = await tx
    .selectFrom('observation')
    .select('value')
    .where('source', '=', source)
    .where('key', '=', key)
    .where('at', '>', since)
    .executeTakeFirst();
  return (row?.value as T | null | undefined) ?? null;
}
