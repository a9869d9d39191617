import { sql } from 'kysely';
import { type DirectKill, endWords } from '../../domain/flag/direct-kill.ts';
import type { FlagEnvironmentState } from '../../domain/flag/flag.ts';
import { safeWords } from '../../domain/flag/safe-words.ts';
import { lockTarget } from '../../domain/run/catalogue.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import { appendAudit } from '../audit.server.ts';
import { openFollowUp } from '../follow-ups.server.ts';

/** Whose flag it is, where a file says so, and for how long it may stay killed. Ms. */
export interface DirectKillOwner {
  service: string | null;
  owner: string | null;
  dueIn: number;
}

/** What importing a kill came to. `known` was there already; `moved-on` is in the audit, and a later run has the follow-up. */
export type Imported = 'known' | 'with-follow-up' | 'moved-on' | 'not-taken';

/** Brings one kill that was done without the console into the audit, once, and opens what it left behind. `now` ms. */
export function importDirectKill(db: Db, kill: DirectKill, owner: DirectKillOwner, now: number): Promise<Imported> {
  const { intent, end } = kill;
  const { flag, environment } = intent;
  const target = lockTarget('flag.kill', { flag, environment }, null)!;
  const taken = end?.outcome !== 'not-taken';
  return db.transaction().execute(async (tx) => {
    const inserted = await tx
      .insertInto('direct_kill')
      .values({
        entry: intent.hash,
        target,
        at: intent.at,
        imported_at: now,
        captured: taken && intent.before !== null ? JSON.stringify(intent.before) : null,
      })
      .onConflict((conflict) => conflict.column('entry').doNothing())
      .executeTakeFirst();
    if (Number(inserted.numInsertedOrUpdatedRows ?? 0) === 0) return 'known';
    const stands = taken && !(await changedSince(tx, target, intent.at));
    if (stands) {
      await openFollowUp(tx, {
        kind: 'flag-killed',
        target,
        title: `${flag} ${end?.outcome === 'done' ? 'is' : 'may be'} ${safeWords(intent.safe)} in ${environment}`,
        service: owner.service,
        owner: owner.owner,
        incidentId: null,
        runId: null,
        openedAt: intent.at,
        dueAt: intent.at + owner.dueIn,
        wayBack: { template: 'template:flag.restore', label: `Restore ${flag}`, inputs: { flag, environment } },
      });
    }
    await appendAudit(tx, {
      at: intent.at,
      actor: intent.person,
      action: 'flag.killed-directly',
      target,
      runId: null,
      stepId: null,
      reason: intent.reason,
      before: intent.before,
      after: { ...intent, end, words: endWords(kill), importedAt: now },
      address: intent.machine,
    });
    return !taken ? 'not-taken' : stands ? 'with-follow-up' : 'moved-on';
  });
}

/** What stood on a target before the newest kill of it without the console, and when that was; null when there was none. */
export async function directlyCaptured(
  db: Db,
  target: string,
): Promise<{ at: number; captured: FlagEnvironmentState } | null> {
  const row = await db
    .selectFrom('direct_kill')
    .select(['at', 'captured'])
    .where('target', '=', target)
    .where('captured', 'is not', null)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.captured ? { at: row.at, captured: row.captured } : null;
}

/** True when a run has changed who gets the target since, so that nothing of the kill stands any more. */
async function changedSince(tx: Tx, target: string, at: number): Promise<boolean> {
  const later = await tx
    .selectFrom('run_step')
    .innerJoin('step_attempt', (join) =>
      join.onRef('step_attempt.run_id', '=', 'run_step.run_id').onRef('step_attempt.step_id', '=', 'run_step.step_id'),
    )
    .select('run_step.step_id')
    .where(sql<string>`run_step.plan->>'target'`, '=', target)
    .where('step_attempt.outcome_at', '>', at)
    .where('run_step.uses', '!=', 'flag.define')
    .limit(1)
    .executeTakeFirst();
  return later !== undefined;
}
