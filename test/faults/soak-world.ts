import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Action, ActionContext, Applied, Move } from '#app/actions/action.ts';
import { manual } from '#app/actions/manual.ts';
import { blankPlan } from '#app/actions/plan-parts.ts';
import { wait } from '#app/actions/wait.server.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import { lockTarget } from '#app/domain/run/catalogue.ts';
import type { ActionKind } from '#app/domain/run/run.ts';
import type { StepDefinition } from '#app/domain/runbook/runbook.ts';
import { catalogOf, noSlos, stepOf } from '../engine/harness.ts';

/** Flags that all runs share: fewer than runs in flight, so that they wait for each other and stops go first. */
export const sharedFlags = Array.from({ length: 24 }, (_, index) => `shared-${index + 1}`);

// biome-ignore lint/suspicious/noTemplateCurlyInString: the runbook's own expression, as a file holds it
const flag = { flag: '${{ inputs.flag }}', environment: 'production' };
const read = stepOf({ id: 'read', uses: 'flag.inspect', with: flag });
const stop = stepOf({ id: 'stop', uses: 'flag.kill', with: flag });
const forward = stepOf({ id: 'forward', uses: 'flag.expose', with: { ...flag, percent: 50 } });
const acknowledge = stepOf({ id: 'acknowledge', uses: 'pagerduty.acknowledge' });
const tell = stepOf({ id: 'tell', uses: 'pagerduty.note', with: { text: 'told' } });
const pause = stepOf({ id: 'pause', uses: 'wait', with: { for: '2m' } });
const look = stepOf({ id: 'look', uses: 'manual', with: { ask: 'Is it quiet?', outcomes: ['quiet', 'loud'] } });
const again = { ...tell, id: 'again', when: "steps.look.outputs.outcome == 'loud'" };

/** Runbooks of five steps, every kind of recovery and of waiting among them. */
export const soakBooks: Record<string, StepDefinition[]> = {
  stop: [read, stop, acknowledge, tell, pause],
  forward: [read, forward, tell, look, acknowledge],
  people: [look, again, acknowledge, pause, stop],
  both: [forward, acknowledge, tell, stop, look],
};

export const soakCatalog: Catalog = (() => {
  const one = catalogOf([]);
  const inputs = [
    { name: 'flag', type: 'flag' as const, label: 'Flag', default: null },
    { name: 'number', type: 'string' as const, label: 'Number', default: null },
  ];
  return {
    ...one,
    flags: sharedFlags.map((name) => ({ ...one.flags[0]!, name })),
    runbooks: Object.entries(soakBooks).map(([slug, steps]) => ({ ...one.runbooks[0]!, slug, inputs, steps })),
  };
})();

/** What is outside: a value by target, every call with its begin and end, every effect with its key. */
export async function createOutside(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(outsideTables);
  await client.end();
}

const outsideTables = `
    create table outside_value (target text primary key, value text not null);
    create table outside_call (id serial primary key, target text, key text not null, begun timestamptz not null default clock_timestamp(), ended timestamptz);
    create table outside_effect (id serial primary key, target text, key text not null, at timestamptz not null default clock_timestamp());
  `;

/** A note of each claim of a step and of each recorded outcome, which the console's database takes by itself: when they came is nobody's word. */
export async function noteClaims(pool: pg.Pool): Promise<void> {
  await pool.query(`
    create table claim_note (id serial primary key, run_id text, step_id text, process text, at timestamptz not null default clock_timestamp());
    create function note_claim() returns trigger language plpgsql as $$ begin
      insert into claim_note (run_id, step_id, process) values (new.run_id, new.step_id, current_setting('application_name'));
      return null;
    end $$;
    create trigger note_claim after update of epoch on run_step for each row execute function note_claim();
    create table outcome_note (id serial primary key, key text, at timestamptz not null default clock_timestamp());
    create function note_outcome() returns trigger language plpgsql as $$ begin
      insert into outcome_note (key) values (new.key);
      return null;
    end $$;
    create trigger note_outcome after update of outcome_at on step_attempt for each row execute function note_outcome();
  `);
}

/** Lays what happened outside beside what the console recorded of it. */
export async function bringOutside(from: pg.Pool, to: pg.Pool): Promise<void> {
  await to.query(outsideTables);
  for (const table of ['outside_call', 'outside_effect']) {
    const { rows } = await from.query(`select * from ${table}`);
    await to.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
      JSON.stringify(rows),
    ]);
  }
}

/** The actions of the runbooks, on a world reached over connections of their own. A call takes up to `slowest` ms. */
export function soakActions(pool: pg.Pool, slowest: number): Action[] {
  const one = (uses: string, kind: ActionKind, recovery: Action['recovery']) =>
    soakAction(pool, slowest, uses, kind, recovery);
  return [
    { ...one('flag.inspect', 'read', 'idempotent'), apply: async () => ({ ...nothing, outputs: { safe: 'no' } }) },
    one('flag.kill', 'stop', 'verifiable'),
    one('flag.expose', 'forward', 'verifiable'),
    one('pagerduty.acknowledge', 'people', 'idempotent'),
    one('pagerduty.note', 'people', 'ask'),
    wait(noSlos),
    manual(),
  ];
}

const nothing: Applied = { next: 'done', progress: null, evidence: null, outputs: {} };

function soakAction(
  pool: pg.Pool,
  slowest: number,
  uses: string,
  kind: ActionKind,
  recovery: Action['recovery'],
): Action {
  const change = kind === 'stop' || kind === 'forward';
  const targetOf = ({ input, run }: ActionContext) => lockTarget(uses, input, null) ?? `${uses}/${run.id}`;
  const read = async (target: string) => {
    const { rows } = await pool.query<{ value: string }>('select value from outside_value where target = $1', [target]);
    return rows[0]?.value ?? 'untouched';
  };
  /** Begins, takes its time (a stop may end it there), and writes value and effect in one. */
  const write = async (context: ActionContext, { key }: Move, value: string): Promise<Applied> => {
    const target = targetOf(context);
    const begun = 'insert into outside_call (target, key) values ($1, $2) returning id';
    const { rows } = await pool.query<{ id: number }>(begun, [target, key]);
    try {
      await sleep(Math.random() * slowest, undefined, { signal: context.signal });
      await pool.query(
        `with effect as (insert into outside_effect (target, key) values ($1, $2))
         insert into outside_value values ($1, $3) on conflict (target) do update set value = $3`,
        [target, key, value],
      );
    } finally {
      await pool.query('update outside_call set ended = clock_timestamp() where id = $1', [rows[0]!.id]);
    }
    return { ...nothing, evidence: { value } };
  };
  const after = ({ run, step }: ActionContext) => `${step.id}/${run.id}`;
  return {
    uses,
    recovery,
    async plan(context) {
      const target = targetOf(context);
      const before = change ? await read(target) : null;
      const part = { kind, title: uses, confirmLabel: 'Do it', before, after: after(context) };
      return { plan: blankPlan(context, { ...part, target: change ? target : null }), capture: before };
    },
    apply: (context, move) => write(context, move, after(context)),
    undo: (context, move) => write(context, move, move.captured as string),
    async observe(context, move, direction) {
      const value = await read(targetOf(context));
      const wanted = direction === 'undo' ? move.captured : after(context);
      return value === wanted
        ? { state: 'done', text: value, applied: { ...nothing, evidence: { value } } }
        : { state: 'not_done', text: value };
    },
  };
}
