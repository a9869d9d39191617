import type pg from 'pg';
import type { StepState } from '#app/domain/run/run.ts';
import { errorCode } from '#app/errors.ts';
import { ada, grace, type TestProcess } from '../engine/harness.ts';

/** What people were asked and answered. */
export interface Answers {
  /** Plans whose confirmation was answered with success. */
  confirmed: { runId: string; stepId: string; hash: string }[];
  /** Unknown outcomes that somebody decided, by what they saw outside. */
  decided: { done: number; retry: number };
  retried: number;
  undone: number;
}

interface Waiting {
  runId: string;
  stepId: string;
  state: StepState;
  uses: string;
  key: string | null;
}

/** States in which a run waits for a person; a succeeded change may be undone. */
const theirs = `s.state in ('planned', 'failed', 'unknown')`;
/** What somebody else did first, or the engine did meanwhile: people read again. */
const harmless = new Set(['plan_stale', 'not_planned', 'already_done', 'locked']);

/** True for what a database says that goes away, is away or comes back: nobody knows whether it was taken. */
export function isOutage(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return /^(57P0|08|ECONN)/.test(code ?? '') || /[Cc]onnection terminated|not queryable/.test(message ?? '');
}

/**
 * Simulated people: they confirm what is planned, look at the world where the console does not know (`key` there or not),
 * try again what failed, and undo a change now and then. While the database is away they try again. `choose` draws a whole number under its argument.
 */
export function startPeople(page: TestProcess, pool: pg.Pool, outside: pg.Pool, choose: (count: number) => number) {
  const answers: Answers = { confirmed: [], decided: { done: 0, retry: 0 }, retried: 0, undone: 0 };
  const undone = new Set<string>();
  let stopped = false;

  async function waiting(): Promise<Waiting[]> {
    const { rows } = await pool.query<Waiting>(
      `select s.run_id as "runId", s.step_id as "stepId", s.state, s.uses,
         (select key from step_attempt a where a.run_id = s.run_id and a.step_id = s.step_id order by attempt desc limit 1) as key
       from run_step s join run r on r.id = s.run_id and r.state = 'open'
       where ${theirs} and not coalesce((s.drive->>'replan')::boolean, false)
       order by s.confirmed_at nulls first, r.opened_at limit 40`,
    );
    return rows;
  }

  async function answer({ runId, stepId, state, key }: Waiting): Promise<void> {
    const at = { runId, stepId, actor: ada };
    if (state === 'unknown') {
      const { rowCount } = await outside.query('select 1 from outside_effect where key = $1', [key]);
      const decision = rowCount ? 'done' : 'retry';
      await page.runs.resolveUnknown({ ...at, decision });
      answers.decided[decision] += 1;
      return;
    }
    if (state === 'failed') {
      await page.runs.resolveUnknown({ ...at, decision: 'retry' });
      answers.retried += 1;
      return;
    }
    const step = (await page.runs.get(runId))?.steps.find((one) => one.id === stepId);
    if (step?.state !== 'planned') return;
    const outcome = step.uses === 'manual' ? ['quiet', 'loud'][choose(2)]! : null;
    const words = { reason: null, acknowledged: false, address: null };
    const hash = step.planHash!;
    await page.runs.confirm({ ...at, hash, outcome, ...words });
    answers.confirmed.push({ runId, stepId, hash });
  }

  /** One person in twenty changes their mind about a run whose change succeeded. */
  async function undoOne(): Promise<void> {
    const { rows } = await pool.query<{ runId: string; stepId: string }>(
      `select s.run_id as "runId", s.step_id as "stepId" from run_step s join run r on r.id = s.run_id and r.state = 'open'
       where s.state = 'succeeded' and s.captured is not null
         and not exists (select 1 from run_step n where n.run_id = s.run_id and n.state not in ('succeeded', 'skipped', 'undone'))`,
    );
    const fresh = rows.filter(({ runId }) => !undone.has(runId));
    for (const { runId } of fresh) undone.add(runId);
    for (const { runId } of fresh.filter(() => choose(20) === 0)) {
      const step = (await page.runs.get(runId))?.steps.find((one) => one.undoable);
      if (!step) continue;
      await page.runs.undo({ runId, stepId: step.id, hash: step.undoHash!, reason: null, actor: grace });
      answers.undone += 1;
    }
  }

  const tolerant = (work: Promise<void>) =>
    work.catch((error: unknown) => {
      if (!isOutage(error) && !harmless.has(errorCode(error) ?? '')) throw error;
    });

  let failure: unknown = null;
  const working = (async () => {
    while (!stopped) {
      const asked = await waiting().catch((error: unknown) => {
        if (isOutage(error)) return [];
        throw error;
      });
      for (let at = 0; at < asked.length; at += 6)
        await Promise.all(asked.slice(at, at + 6).map((one) => tolerant(answer(one))));
      await tolerant(undoOne());
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })().catch((error: unknown) => {
    failure = error;
  });
  return {
    answers,
    /** An error that nobody should meet, which ended their work; null while there was none. */
    failure: () => failure,
    /** Rejects with such an error. */
    async stop() {
      stopped = true;
      await working;
      if (failure) throw failure;
    },
  };
}
