import { afterAll, expect, test } from 'vitest';
import { actionFacts, actionNames, staysInside } from '#app/domain/runbook/actions.ts';
import { expectedEnd } from './expected.ts';
import { openRow, type Told } from './row-world.ts';
import { rows } from './rows.ts';
import { killPoints } from './two-processes.ts';

/** What became of each cell, for the table at the end. */
const table = new Map<string, string[]>();

test('every action of the catalogue has its row', () => {
  expect(new Set(rows.map(({ uses }) => uses)), 'a new action needs a row in rows.ts').toEqual(new Set(actionNames));
});

test.concurrent.each(rows)('$name ends as it has to, wherever its process dies', { timeout: 300_000 }, async (row) => {
  const world = await openRow(row);
  const read = actionFacts(row.uses)!.kind({}) === 'read';
  const line: string[] = [];
  table.set(row.name, line);
  try {
    for (const point of killPoints) {
      // A read declares nothing: it is made again.
      if (read && (point === 'before-intent' || point === 'after-intent')) {
        line.push('');
        continue;
      }
      const told = await world.cell(point);
      const cell = `${row.name}, ${point}`;
      expect(told.dead, `${cell}: the process never came there`).toBe(true);
      const moves = row.moves ?? 1;
      const reaches = !read && !staysInside(row.uses);
      const end = expectedEnd(world.recoveryOf(told.step), point, { direction: row.direction, moves, reaches });
      expect(end.states, `${cell}: ${told.step.reason}`).toContain(told.step.state);
      expect(told.effects.length, cell).toBeGreaterThanOrEqual(end.least);
      expect(told.effects.length, cell).toBeLessThanOrEqual(end.most);
      // Whatever was repeated went out under the key that was declared.
      expect(told.keys, cell).toHaveLength(read ? 0 : moves);
      if (!read) expect(told.keys, cell).toEqual(expect.arrayContaining(told.effects));
      const done = told.audit.filter((action) => ['step.done', 'step.moved', 'step.undone'].includes(action));
      expect(done.length, cell).toBeLessThanOrEqual(moves + (row.direction === 'undo' ? 1 : 0));
      line.push(words(told, read));
    }
    expect((await world.chain()).ok).toBe(true);
  } finally {
    await world.close();
  }
});

function words({ step, effects, found, keys }: Told, read: boolean): string {
  if (read) return 'read';
  if (step.state === 'unknown') return 'asked';
  if (found) return 'seen done';
  return effects.length > keys.length ? 'same key' : 'done';
}

afterAll(() => {
  const widths = [0, ...killPoints.map((point) => point.length)];
  widths[0] = Math.max(...[...table.keys()].map((name) => name.length));
  const print = (cells: string[]) => cells.map((cell, index) => cell.padEnd(widths[index]!)).join('  ');
  const lines = rows.flatMap(({ name }) => (table.has(name) ? [print([name, ...table.get(name)!])] : []));
  console.log([print(['', ...killPoints]), ...lines].join('\n'));
});
