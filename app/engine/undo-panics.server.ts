import type { Selectable } from 'kysely';
import { may } from '../domain/audit/permission.ts';
import type { Catalog } from '../domain/catalog.ts';
import { againstMember } from '../domain/panic/against.ts';
import type { Run } from '../domain/run/run.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import { worldAgainst } from '../stores/panic/panic-against.server.ts';
import type { PanicRow } from '../stores/panic/panic-rows.ts';
import { createPeopleStore } from '../stores/people.server.ts';
import type { Database } from '../stores/schema.ts';
import type { RunStore } from '../stores/stores.ts';
import { errorText } from './runs/words.ts';

/** A member whose way back takes longer goes on by itself, and the next one begins, wall ms. */
const patience = 30_000;

const inEffect = new Set(['verifying', 'succeeded']);
const underWay = new Set(['running', 'blocked']);

type MemberRow = Selectable<Database['panic_member']>;

/**
 * Takes panics back, last in, first out: a member begins once the one before it has ended or taken half a minute. One that
 * is refused or fails keeps its reason and stops no other. Each goes back in the name of whoever asked for it, as they are then,
 * and stays where something speaks against it that they had not read: an incident opened since, a freeze begun since.
 * Safe to begin anew at any point, and beside another leader that has not heard yet that it leads no more: what is asked for is
 * written down first, and only who wrote it asks.
 */
export function undoPanics(deps: {
  db: Db;
  clock: Pick<Clock, 'now' | 'wall'>;
  runs: Pick<RunStore, 'get' | 'undo'>;
  catalog(): Promise<Catalog | null>;
  /** The environment that this console stands in. */
  environment: string;
  notify: Notify;
}): () => Promise<void> {
  const { db, clock, runs } = deps;
  const people = createPeopleStore(db, clock.wall);

  return async () => {
    const panics = await db
      .selectFrom('panic')
      .selectAll()
      .where('undo_at', 'is not', null)
      .where('undo_ended_at', 'is', null)
      .execute();
    for (const panic of panics) await goBack(panic);
  };

  async function goBack(panic: PanicRow): Promise<void> {
    const members = await db
      .selectFrom('panic_member')
      .selectAll()
      .where('panic_id', '=', panic.id)
      .where('undo_hash', 'is not', null)
      .orderBy('index', 'desc')
      .execute();
    for (const member of members) {
      const run = member.run_id === null ? null : await runs.get(member.run_id);
      const step = run?.steps[0];
      if (!run || !step) continue;
      if (member.undo_asked_at !== null) {
        const soon = clock.wall() - member.undo_asked_at < patience;
        // A process may have died between the note and the word: what stands untouched after a while is asked for again.
        const unheard = member.problem === null && inEffect.has(step.state) && step.undoHash === member.undo_hash;
        if (soon && (unheard || step.state === 'running')) return;
        if (!unheard) continue;
      }
      const askedAt = clock.wall();
      if (!(await write(member, { undo_asked_at: askedAt }))) return;
      // A process that died right after it asked finds the step going back, or gone back.
      if (step.state === 'undone' || !step.undoable) continue;
      const by = await people.get(panic.undo_by!.email);
      const word = { runId: run.id, stepId: step.id, hash: member.undo_hash!, reason: panic.undo_reason };
      const problem =
        by && may(by.role, 'panic')
          ? ((await begunSince(panic, run)) ?? (await runs.undo({ ...word, actor: by }).then(() => null, errorText)))
          : `${panic.undo_by!.name}, who asked for it, may not act any more. Somebody else may ask again.`;
      // Somebody else may have asked in between, for the step alone or as the leader before: then it does go back.
      if (problem === null || (await goesBack(word))) return;
      if (!(await write({ ...member, undo_asked_at: askedAt }, { problem: `Not undone: ${problem}` }))) return;
    }
    const ended = await db
      .updateTable('panic')
      .set({ undo_ended_at: clock.now() })
      .where('id', '=', panic.id)
      .where('undo_at', '=', panic.undo_at)
      .where('undo_ended_at', 'is', null)
      .executeTakeFirst();
    if (Number(ended.numUpdatedRows) > 0) await deps.notify('panics');
  }

  /** Writes to a member that stands as it was read; false where another leader, or a later way back, has written since. */
  async function write(
    { panic_id, index, undo_hash, undo_asked_at }: MemberRow,
    set: { problem: string } | { undo_asked_at: number },
  ): Promise<boolean> {
    const written = await db
      .updateTable('panic_member')
      .set(set)
      .where('panic_id', '=', panic_id)
      .where('index', '=', index)
      .where('undo_hash', 'is not distinct from', undo_hash)
      .where('undo_asked_at', 'is not distinct from', undo_asked_at)
      .executeTakeFirst();
    return Number(written.numUpdatedRows) > 0;
  }

  async function goesBack({ runId, stepId }: { runId: string; stepId: string }): Promise<boolean> {
    const step = await db
      .selectFrom('run_step')
      .select(['state', 'drive'])
      .where('run_id', '=', runId)
      .where('step_id', '=', stepId)
      .executeTakeFirst();
    if (!step) return false;
    return step.state === 'undone' || (step.drive.direction === 'undo' && underWay.has(step.state));
  }

  /** What speaks against a member's way back that nobody had read when it was asked for; null when nothing does. */
  async function begunSince({ undo_despite: read }: PanicRow, run: Run): Promise<string | null> {
    const found = againstMember({ run }, await worldAgainst(deps));
    const since = found.find(({ key }) => !read?.some((one) => one.key === key));
    return since
      ? `${since.text} Nobody had read that when the way back was asked for: ask again to go on in spite of it.`
      : null;
  }
}
