import { boundPanicText, boundPanicUndoText, type Panic } from '../../domain/panic/panic.ts';
import { AppError } from '../../errors.ts';
import { againstUndo } from './panic-against.server.ts';
import { type PanicDeps, panicHash } from './panic-parts.server.ts';
import { toPanic } from './panic-rows.ts';
import type { PanicStore } from './panics.server.ts';

/** What pages read of panics. */
export function panicReader(deps: PanicDeps): Pick<PanicStore, 'recent' | 'ofRun' | 'get'> {
  const { db, runs } = deps;
  return {
    async recent(limit) {
      const rows = await db.selectFrom('panic').select('id').orderBy('opened_at', 'desc').limit(limit).execute();
      return readPanics(
        { db, runs },
        rows.map(({ id }) => id),
      );
    },
    async ofRun(runId) {
      const row = await db
        .selectFrom('panic_member')
        .innerJoin('panic', 'panic.id', 'panic_member.panic_id')
        .select(['panic.id', 'panic.title'])
        .where('panic_member.run_id', '=', runId)
        .orderBy('panic.opened_at', 'desc')
        .executeTakeFirst();
      return row ?? null;
    },
    async get(id) {
      const [panic] = await readPanics({ db, runs }, [id]);
      if (!panic) return null;
      const against = await againstUndo(deps, panic);
      const undoHash = panicHash(boundPanicUndoText(panic, against));
      return { ...panic, hash: panicHash(boundPanicText(panic)), undoHash, against };
    },
  };
}

/** Panics with the runs of their members, the newest first; those that are not there are left out. */
async function readPanics({ db, runs }: Pick<PanicDeps, 'db' | 'runs'>, ids: readonly string[]): Promise<Panic[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('panic').selectAll().where('id', 'in', ids).orderBy('opened_at', 'desc').execute();
  const members = await db
    .selectFrom('panic_member')
    .selectAll()
    .where('panic_id', 'in', ids)
    .orderBy('index')
    .execute();
  const wanted = [...new Set(members.flatMap(({ run_id }) => run_id ?? []))];
  const found = await Promise.all(wanted.map((id) => runs.get(id)));
  const byId = new Map(found.flatMap((run) => (run ? [[run.id, run]] : [])));
  return rows.map((row) =>
    toPanic(
      row,
      members.filter((member) => member.panic_id === row.id),
      byId,
    ),
  );
}

/** One panic. Throws AppError not_found. */
export async function requiredPanic(deps: Pick<PanicDeps, 'db' | 'runs'>, id: string): Promise<Panic> {
  const [panic] = await readPanics(deps, [id]);
  if (!panic) throw new AppError('not_found', 'There is no panic with this address.');
  return panic;
}
