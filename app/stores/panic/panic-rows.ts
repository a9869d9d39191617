import type { Selectable } from 'kysely';
import type { Panic, PanicMember } from '../../domain/panic/panic.ts';
import type { Run } from '../../domain/run/run.ts';
import type { Database } from '../schema.ts';

export type PanicRow = Selectable<Database['panic']>;
export type PanicMemberRow = Selectable<Database['panic_member']>;

/** A panic as pages show it. `members` in order. */
export function toPanic(row: PanicRow, members: readonly PanicMemberRow[], runs: ReadonlyMap<string, Run>): Panic {
  return {
    id: row.id,
    set: row.set_name,
    title: row.title,
    why: row.why,
    environment: row.environment,
    openedBy: row.opened_by.name,
    openedAt: row.opened_at,
    confirmedBy: row.confirmed_by?.name ?? null,
    confirmedAt: row.confirmed_at,
    reason: row.reason,
    undoBy: row.undo_by?.name ?? null,
    undoAt: row.undo_at,
    undoEndedAt: row.undo_ended_at,
    undoDespite: row.undo_despite?.map(({ text }) => text) ?? [],
    putAwayAt: row.put_away_at,
    members: members.map(
      (member): PanicMember => ({
        kind: member.kind,
        name: member.name,
        run: (member.run_id === null ? null : runs.get(member.run_id)) ?? null,
        problem: member.problem,
        confirmed: member.confirmed,
      }),
    ),
  };
}
