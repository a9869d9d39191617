import { afterEach, expect, test } from 'vitest';
import { createRunRecordStore } from '#app/stores/run/run-records.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeAction, fakeTarget } from './fake-target.ts';
import { catalogOf, openAndConfirm, startProcess, stepOf, type TestProcess, untilStep } from './harness.ts';

const database = testDatabase({ each: true });
let console_: TestProcess;
afterEach(async () => {
  await console_.stop();
});

const kill = stepOf({ id: 'kill', uses: 'flag.kill', with: { flag: 'voiceover-v2', environment: 'production' } });
const linesOf = async (runId: string) =>
  (await createRunRecordStore({ db: console_.db } as never).lines(runId)).map(({ text }) => text);

async function run(say: (emit: (line: string) => void) => void, until: () => Promise<void> = async () => undefined) {
  const target = fakeTarget('on');
  target.during = async (context) => {
    say(context.emit);
    await until();
  };
  console_ = await startProcess({
    url: database.url,
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
    redact: (text) => text.replaceAll('hunter2', '[redacted]'),
  });
  const runId = await openAndConfirm(console_, 'kill');
  return runId;
}

async function eventually(runId: string, lines: string[]): Promise<void> {
  await expect.poll(() => linesOf(runId), { timeout: 10_000 }).toEqual(lines);
}

test('what a step says is there while it still runs, without its secrets and without repetitions', async () => {
  let go = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  const runId = await run(
    (emit) => {
      for (const line of ['asks with hunter2', 'waits', 'waits', ' ', 'goes on']) emit(line);
    },
    () => held,
  );
  await eventually(runId, ['asks with [redacted]', 'waits', 'goes on']);
  expect((await console_.runs.get(runId))?.steps[0]?.state).toBe('running');
  go();
  await untilStep(console_, runId, 'kill', ['succeeded', 'verifying']);
  expect(await linesOf(runId)).toHaveLength(3);
});

test('a step that says more than 64 KB is kept up to there, and says so', async () => {
  const runId = await run((emit) => {
    for (let index = 0; index < 40; index++) emit(`${index} ${'x'.repeat(3_000)}`);
  });
  await untilStep(console_, runId, 'kill', ['succeeded', 'verifying']);
  await expect.poll(async () => (await linesOf(runId)).at(-1), { timeout: 15_000 }).toContain('64 KB');
  const kept = await linesOf(runId);
  expect(kept.reduce((sum, line) => sum + line.length + 1, 0)).toBeLessThanOrEqual(64 * 1024);
  expect(kept.filter((line) => line.includes('64 KB'))).toHaveLength(1);
});
