import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DirectEnd, type DirectIntent, endWords, killsOf } from '#app/domain/flag/direct-kill.ts';
import { appendToJournal, readJournal } from '#cli/direct-journal.ts';

const intent = (kill: string): DirectIntent => ({
  kind: 'intent',
  kill,
  at: 1_000,
  flag: 'voice',
  environment: 'production',
  person: 'ada@laptop',
  machine: 'laptop',
  reason: 'It burns.',
  safe: { state: 'off' },
  declared: true,
  before: null,
  writes: [{ kind: 'disable' }],
});
const end = (kill: string): DirectEnd => ({
  kind: 'outcome',
  kill,
  at: 2_000,
  outcome: 'done',
  text: 'off',
  layers: [],
});

let dir: string;
let file: string;
let count = 0;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firebreak-journal-'));
});
afterAll(() => rm(dir, { recursive: true }));
beforeEach(async () => {
  file = join(dir, `${count++}.jsonl`);
  for (const line of [intent('a'), end('a'), intent('b')]) await appendToJournal(file, line);
});

test('what was written is read back in its order, each kill with its end, for the owner alone', async () => {
  const { lines, broken } = readJournal(await readFile(file, 'utf8'));
  expect(broken).toBeNull();
  expect(lines.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  const [first, second] = killsOf(lines);
  expect(first).toMatchObject({ intent: { kill: 'a' }, end: { outcome: 'done' } });
  expect(second!.end).toBeNull();
  expect(endWords(second!)).toMatch(/Nobody wrote down what became of it/);
  expect((await stat(file)).mode & 0o077).toBe(0);
});

describe('a chain that does not hold', () => {
  const broken = async (change: (lines: string[]) => string[]) => {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    return readJournal(`${change(lines).join('\n')}\n`).broken;
  };

  test.each<[string, (lines: string[]) => string[], number]>([
    ['a word changed', (all) => all.map((one) => one.replace('It burns.', 'Ada said so.')), 1],
    ['a line left out', ([first, , third]) => [first!, third!], 2],
    ['two lines turned round', ([first, second, third]) => [first!, third!, second!], 2],
    ['the first line left out', (all) => all.slice(1), 1],
    ['a field put in', (all) => all.map((one) => one.replace('{', '{"extra":1,')), 1],
    ['no JSON', (all) => [...all.slice(0, 2), 'oh'], 3],
  ])('%s', async (_name, change, line) => {
    expect(await broken((all) => all)).toBeNull();
    expect(await broken(change)).toMatchObject({ line });
  });

  test('is never written on', async () => {
    await writeFile(file, (await readFile(file, 'utf8')).replace('It burns.', 'Ada said so.'));
    await expect(appendToJournal(file, intent('c'))).rejects.toThrow(/:1 It was changed.*--journal/);
  });
});

test('a line that breaks off costs itself: what stands before it holds, and nothing is written behind it', async () => {
  await appendFile(file, '{"kind":"outcome","kil');
  const { lines, broken, torn } = readJournal(await readFile(file, 'utf8'));
  expect([lines.length, broken, torn]).toEqual([3, null, true]);
  await expect(appendToJournal(file, end('b'))).rejects.toThrow(/breaks off/);
});
