import { decidedBy } from '../../domain/audit/audit.ts';
import { storable } from '../../domain/audit/canonical.ts';
import { may } from '../../domain/audit/permission.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { noteText, type RunNote } from '../../domain/run/note.ts';
import type { Actor } from '../../domain/run/run.ts';
import { AppError } from '../../errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { NewAuditEntry } from '../audit.server.ts';
import { recordTimeline } from '../incident/timeline.server.ts';
import { createOutboxStore } from '../outbox.server.ts';
import type { PeopleStore } from '../people.server.ts';
import type { RunRecordStore } from './run-records.server.ts';
import type { RunRow } from './run-rows.ts';

/** What writing on runs stands on. `redact` takes secrets out of every sentence before it is kept. */
export interface RecordDeps {
  db: Db;
  catalog(): Promise<Catalog | null>;
  people: PeopleStore;
  clock: Pick<Clock, 'now'>;
  notify: Notify;
  audit(tx: Tx, entry: NewAuditEntry): Promise<unknown>;
  redact(text: string): string;
  mode: 'observe' | 'shadow' | 'act';
}

/** Longest note, in characters. */
const longestNote = 4_000;

/** Adds a note: to the run, its incident's timeline and the audit, in one transaction. */
export async function addNote(deps: RecordDeps, input: Parameters<RunRecordStore['note']>[0]): Promise<void> {
  mayWrite(input.actor);
  const text = sentence(deps, input.text);
  await deps.db.transaction().execute(async (tx) => {
    const run = await runOf(tx, input.runId);
    if (input.stepId !== null && !run.steps.some(({ id }) => id === input.stepId)) throw new AppError('not_found');
    await write(deps, tx, run, { kind: 'note', text, step: input.stepId, to: null, by: input.actor }, input.href, null);
  });
}

/** Hands a run over, or takes it; its new owner hears of it in the chats of their teams. */
export async function handOver(deps: RecordDeps, input: Parameters<RunRecordStore['handOver']>[0]): Promise<void> {
  mayWrite(input.actor);
  const text = sentence(deps, input.reason);
  const to = await deps.people.get(input.to);
  if (!to || !may(to.role, 'run.open'))
    throw new AppError('bad_input', 'Choose somebody who may act.', { field: 'to' });
  const catalog = await deps.catalog();
  await deps.db.transaction().execute(async (tx) => {
    const run = await runOf(tx, input.runId);
    if (run.state === 'done' || run.state === 'cancelled') throw new AppError('already_done', 'This run has ended.');
    const has = run.assignee?.email ?? null;
    if (has !== input.from)
      throw new AppError(
        'already_done',
        `${run.assignee?.name ?? 'Nobody'} has this run now: look again, then hand it over.`,
      );
    if (has === to.email) throw new AppError('already_done', `${to.name} has this run already.`);
    const assignee = { name: to.name, email: to.email };
    await tx
      .updateTable('run')
      .set({ assignee: JSON.stringify(assignee) })
      .where('id', '=', run.id)
      .execute();
    const note = { kind: 'hand-over' as const, text, step: null, to: assignee, by: input.actor };
    await deps.notify('hand-overs', tx);
    const id = await write(deps, tx, run, note, input.href, run.assignee);
    if (deps.mode !== 'act' || to.email === input.actor.email) return;
    const chats = (catalog?.endpoints ?? []).filter(({ name, use }) => use === 'chat' && to.teams.includes(name));
    for (const { name } of chats) {
      const body = { endpoint: name, text: `${noteText(note)}\n${run.title}`, link: input.link, about: run.title };
      await createOutboxStore(deps.db).enqueue(
        tx,
        { kind: 'chat', dedupKey: `handed/${run.id}/${id}/${name}`, body, incident_id: run.incident_id },
        deps.clock.now(),
      );
    }
    if (chats.length > 0) await deps.notify('outbox', tx);
  });
}

function mayWrite(actor: Actor): void {
  if (!may(actor.role, 'run.people')) throw new AppError('forbidden');
}

function sentence({ redact }: RecordDeps, given: string): string {
  const text = storable(given).trim();
  if (text.length < 3) throw new AppError('bad_input', 'Say it in one sentence.', { field: 'text' });
  if (text.length > longestNote)
    throw new AppError('bad_input', `At most ${longestNote.toLocaleString('en')} characters.`, { field: 'text' });
  return redact(text);
}

async function runOf(tx: Tx, id: string): Promise<RunRow> {
  const run = await tx.selectFrom('run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (!run) throw new AppError('not_found');
  return run;
}

/** The row, the incident's timeline, those who look, and last the audit. Returns the note's number. */
async function write(
  deps: RecordDeps,
  tx: Tx,
  run: RunRow,
  note: Omit<RunNote, 'id' | 'at' | 'by'> & { by: Actor },
  href: string,
  had: RunRow['assignee'],
): Promise<number> {
  const { kind, text, by, to, step } = note;
  const at = deps.clock.now();
  const row = await tx
    .insertInto('run_note')
    .values({
      ...{ run_id: run.id, step_id: step, at, kind, text, by_name: by.name, by_email: by.email },
      ...{ to_name: to?.name ?? null, to_email: to?.email ?? null },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (run.incident_id !== null) {
    const said = { at, kind: 'note' as const, text: noteText(note), actor: by.name, href };
    await recordTimeline(tx, run.incident_id, [{ ...said, key: `run-note/${row.id}` }]);
    await deps.notify('incidents', tx);
  }
  await deps.notify('runs', tx);
  await deps.notify(`run/${run.id}`, tx);
  await deps.audit(tx, {
    ...{ at, actor: decidedBy(by), action: kind === 'note' ? 'run.note' : 'run.hand-over', target: `run/${run.id}` },
    ...{ runId: run.id, stepId: step, reason: text, address: null },
    before: kind === 'note' ? null : { assignee: had },
    after: kind === 'note' ? null : { assignee: to },
  });
  return row.id;
}
