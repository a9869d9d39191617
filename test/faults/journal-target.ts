import pg from 'pg';
import type { Action, Applied, Move } from '#app/actions/action.ts';
import { blankPlan } from '#app/actions/plan-parts.ts';
import { wait } from '#app/actions/wait.server.ts';
import { lockTarget } from '#app/domain/run/catalogue.ts';
import type { ActionKind } from '#app/domain/run/run.ts';
import { noSlos } from '../engine/harness.ts';

/** The outside world of these tests: one value and a journal of every effect, in tables that no code of the console knows. */
export async function createJournal(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('create table outside_value (name text primary key, value text not null)');
    await client.query('create table outside_effect (id serial primary key, name text, key text, value text)');
  });
}

export async function setOutside(url: string, name: string, value: string): Promise<void> {
  await withClient(url, (client) => client.query('insert into outside_value values ($1, $2)', [name, value]));
}

/** Keys of all effects on a target, in order. */
export async function effectsOn(url: string, name: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ key: string }>('select key from outside_effect where name = $1 order by id', [
      name,
    ]);
    return rows.map((row) => row.key);
  });
}

/** An action that sets an outside value over a connection of its own, as a call to another system would; to `first` before `after` in two moves. */
function journalAction(
  url: string,
  uses: string,
  kind: ActionKind,
  recovery: Action['recovery'],
  after: string,
  first: string | null = null,
): Action {
  /** What a move sets: the first of two only `first`. */
  const brings = ({ progress }: Pick<Move, 'progress'>) => (first !== null && progress === null ? first : after);
  const applied = (move: Move): Applied => {
    const value = brings(move);
    return { next: value === after ? 'done' : 'hold', progress: value, evidence: { value }, outputs: { value } };
  };
  const read = () =>
    withClient(url, async (client) => {
      const { rows } = await client.query<{ value: string }>('select value from outside_value where name = $1', [uses]);
      return rows[0]!.value;
    });
  const write = (move: Move, value: string) =>
    withClient(url, async (client) => {
      await client.query('update outside_value set value = $2 where name = $1', [uses, value]);
      await client.query('insert into outside_effect (name, key, value) values ($1, $2, $3)', [uses, move.key, value]);
    });
  return {
    uses,
    recovery,
    async plan(context) {
      const before = kind === 'people' ? null : await read();
      const target = lockTarget(uses, context.input, null);
      return {
        plan: blankPlan(context, { kind, target, title: uses, confirmLabel: 'Do it', before, after }),
        capture: before,
      };
    },
    async apply(_context, move) {
      await write(move, brings(move));
      return applied(move);
    },
    async undo(_context, move) {
      await write(move, move.captured as string);
      return applied(move);
    },
    async observe(_context, move, direction) {
      const wanted = direction === 'undo' ? move.captured : brings(move);
      const value = await read();
      return value === wanted
        ? { state: 'done', text: value, applied: applied(move) }
        : { state: 'not_done', text: value };
    },
    ...(first === null
      ? {}
      : { hold: async (_context, { progress }) => ({ verdict: 'go', text: 'it is well', progress, lookIn: 1_000 }) }),
  };
}

/** The three kinds of recovery, one action each; a wait, and a change in two moves. */
export function journalActions(url: string): Action[] {
  return [
    journalAction(url, 'flag.kill', 'stop', 'verifiable', 'off'),
    journalAction(url, 'pagerduty.acknowledge', 'people', 'idempotent', 'acknowledged'),
    journalAction(url, 'pagerduty.note', 'people', 'ask', 'written'),
    journalAction(url, 'cloudrun.traffic', 'stop', 'verifiable', 'all back', 'a little back'),
    wait(noSlos),
  ];
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
