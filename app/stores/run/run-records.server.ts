import type { RunNote } from '../../domain/run/note.ts';
import type { Actor, RunState } from '../../domain/run/run.ts';
import type { Db } from '../../platform/db.server.ts';
import { addNote, handOver, type RecordDeps } from './write-notes.server.ts';

/** A run that somebody has, in a list. */
export interface HeldRun {
  id: string;
  title: string;
  state: RunState;
  incidentId: string | null;
}

/** A line that a step said while it ran. */
export interface StepLine {
  step: string;
  attempt: number;
  at: number;
  text: string;
}

/** What people wrote on runs, who has them, and what their steps said while they ran. */
export interface RunRecordStore {
  /** Notes and hand-overs of a run, oldest first. */
  notes(runId: string): Promise<RunNote[]>;
  /** Adds a note for good; `href` is where it stands within the console. Throws `not_found`, `bad_input`. */
  note(input: { runId: string; stepId: string | null; text: string; href: string; actor: Actor }): Promise<void>;
  /**
   * Hands an open run to `to` (an email; one's own: takes it), unless it went to somebody else than `from` meanwhile. `href` is
   * its address within the console, `link` as people outside reach it. Throws `already_done`, `bad_input`, `not_found`.
   */
  handOver(input: {
    runId: string;
    to: string;
    from: string | null;
    reason: string;
    href: string;
    link: string;
    actor: Actor;
  }): Promise<void>;
  /** Open runs that this person (email) has, newest first, at most 20. */
  heldBy(email: string): Promise<HeldRun[]>;
  /** What the steps of a run said while they ran, oldest first, the newest 2,000. */
  lines(runId: string): Promise<StepLine[]>;
}

const mostLines = 2_000;

/** The written side of runs. */
export function createRunRecordStore(deps: RecordDeps & { db: Db }): RunRecordStore {
  const { db } = deps;
  return {
    async notes(runId) {
      const rows = await db.selectFrom('run_note').selectAll().where('run_id', '=', runId).orderBy('id').execute();
      return rows.map((row) => ({
        ...{ id: row.id, at: row.at, kind: row.kind, text: row.text, step: row.step_id },
        by: { name: row.by_name, email: row.by_email },
        to: row.to_email === null ? null : { name: row.to_name ?? row.to_email, email: row.to_email },
      }));
    },
    note: (input) => addNote(deps, input),
    handOver: (input) => handOver(deps, input),
    async heldBy(email) {
      const rows = await db
        .selectFrom('run')
        .select(['id', 'title', 'state', 'incident_id'])
        .where('state', 'in', ['prepared', 'open'])
        .where((eb) => eb(eb.ref('assignee', '->>').key('email'), '=', email))
        .orderBy('opened_at', 'desc')
        .limit(20)
        .execute();
      return rows.map(({ incident_id: incidentId, ...row }) => ({ ...row, incidentId }));
    },
    async lines(runId) {
      const rows = await db
        .selectFrom('step_line')
        .selectAll()
        .where('run_id', '=', runId)
        .orderBy('id', 'desc')
        .limit(mostLines)
        .execute();
      return rows.reverse().map(({ step_id: step, attempt, at, text }) => ({ step, attempt, at, text }));
    },
  };
}
