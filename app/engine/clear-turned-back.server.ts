import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import type { NewAuditEntry } from '../stores/audit.server.ts';
import { toFollowUp } from '../stores/follow-ups.server.ts';
import { recordTimeline } from '../stores/incident/timeline.server.ts';
import { stillStands } from '../stores/run/still-stands.server.ts';
import type { ChangeStore } from '../stores/stores.ts';

/**
 * Clears what was left behind once somebody else has taken it back: a killed flag that was turned on again in Unleash is no
 * longer off, and its owner is reminded of nothing. Who did it stands in the list and in the audit, as far as Unleash said.
 */
export function clearTurnedBack(deps: {
  db: Db;
  clock: Pick<Clock, 'now'>;
  notify: Notify;
  changes: Pick<ChangeStore, 'ofFlag'>;
  audit(tx: Tx, entry: NewAuditEntry): Promise<unknown>;
}): () => Promise<void> {
  const { db, clock } = deps;

  return async () => {
    const kills = await db
      .selectFrom('follow_up')
      .selectAll()
      .where('cleared_at', 'is', null)
      .where('kind', '=', 'flag-killed')
      .where('run_id', 'is not', null)
      .execute();
    for (const kill of kills.map(toFollowUp)) {
      const step = kill.runId === null ? null : await stepOf(kill.runId, kill.target);
      if (step && (step.movedOn || !(await stillStands(db, step.run_id, step.step_id))))
        await clear(kill, step.confirmed_at ?? 0);
    }
  };

  async function stepOf(runId: string, target: string) {
    const steps = await db
      .selectFrom('run_step')
      .select(['run_id', 'step_id', 'state', 'confirmed_at', 'plan', 'drive'])
      .where('run_id', '=', runId)
      .where('uses', '=', 'flag.kill')
      .where('state', 'in', ['succeeded', 'verifying', 'failed'])
      .execute();
    const step = steps.find(({ plan }) => plan?.target === target);
    // Verification that saw it turned back has ended the step as failed.
    return step ? { ...step, movedOn: step.state === 'failed' && step.drive.movedOn === true } : null;
  }

  async function clear(kill: FollowUp, since: number): Promise<void> {
    const [, environment, ...name] = kill.target.split('/');
    const changes = await deps.changes.ofFlag(name.join('/'), 20);
    const change = changes.find((each) => each.environment === environment && each.at > since);
    const by = change?.actor ?? 'somebody outside';
    const reason = `It was taken back by ${by}${change ? `: ${change.title}` : ', as Unleash shows it'}.`;
    const at = clock.now();
    await db.transaction().execute(async (tx) => {
      const cleared = await tx
        .updateTable('follow_up')
        .set({ cleared_at: at, cleared_by: by, clear_reason: reason })
        .where('id', '=', kill.id)
        .where('run_id', '=', kill.runId)
        .where('cleared_at', 'is', null)
        .executeTakeFirst();
      if (Number(cleared.numUpdatedRows) === 0) return;
      if (kill.incidentId !== null) {
        const line = {
          key: `follow-up/${kill.id}/${at}`,
          at,
          kind: 'change' as const,
          text: `${kill.title} no longer: ${reason}`,
        };
        await recordTimeline(tx, kill.incidentId, [line]);
        await deps.notify('incidents', tx);
      }
      await deps.notify('follow-ups', tx);
      await deps.audit(tx, {
        ...{ at, actor: 'engine', action: 'follow-up.clear', target: kill.target, runId: kill.runId, stepId: null },
        ...{ reason, before: null, after: null, address: null },
      });
    });
  }
}
