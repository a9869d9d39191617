// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the runbook's own expressions, as a file holds them
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { ensureBuild } from '#scripts/supervisor/build.ts';
import { root } from '#scripts/supervisor/process.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { catalogOf, startProcess, type TestProcess, untilStep } from '../engine/harness.ts';
import { type BuiltConsole, copyBuild, startBuilt } from './built-console.ts';

const runbook = `# Deploy

\`\`\`yaml runbook-step
id: look
uses: manual
with:
  ask: Is it quiet?
  outcomes: [quiet, loud]
\`\`\`

\`\`\`yaml runbook-step
id: pause
uses: wait
with: { for: 20m }
\`\`\`

\`\`\`yaml runbook-step
id: end
uses: manual
when: steps.look.outputs.outcome == 'quiet'
with: { ask: Write down what you saw. }
\`\`\`
`;
/** Data ms per wall ms once the new build is there: before that the wait of 20 min outlasts any deploy. */
const speed = 60;
const patience = 60_000;

let folder = '';
let oldBuild = '';
beforeAll(() => {
  ensureBuild(() => undefined);
  folder = mkdtempSync(join(tmpdir(), 'firebreak-deploy-'));
  mkdirSync(join(folder, 'catalog/runbooks'), { recursive: true });
  writeFileSync(join(folder, 'catalog/runbooks/deploy.md'), runbook);
  oldBuild = copyBuild(join(folder, 'old'), { here: 'Record the outcome', there: 'Write the outcome' });
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run of the old build that a person answered and that waits; then `deploy`; what is left of it has to come under the new one. */
async function deployed(
  deploy: (old: BuiltConsole, startNew: () => Promise<BuiltConsole>) => Promise<BuiltConsole>,
): Promise<void> {
  const database = await createTestDatabase();
  const clockFile = join(folder, 'clock.json');
  const now = Date.now();
  const atFirst = { wall: now, data: now, speed: 1 };
  writeFileSync(clockFile, JSON.stringify({ segments: [atFirst] }));
  const env = {
    DATABASE_URL: database.url,
    FIREBREAK_CLOCK: clockFile,
    FIREBREAK_CATALOG: join(folder, 'catalog'),
    FIREBREAK_MODE: 'act',
  };
  const old = await startBuilt(oldBuild, env);
  const processes = [old];
  const store = await startProcess({ url: database.url, actions: [], catalog: catalogOf([]), engine: false });
  try {
    const waiting = await openRun(old);
    expect((await untilStep(store, waiting, 'look', ['planned'])).plan?.confirmLabel).toBe('Write the outcome');
    await confirm(old, store, waiting, 'look', 'quiet');
    await confirm(old, store, waiting, 'pause');
    await untilStep(store, waiting, 'pause', ['verifying']);

    const fresh = await deploy(old, async () => {
      const started = await startBuilt(root, env);
      processes.push(started);
      return started;
    });
    const since = (await store.runs.get(waiting))!.steps.map(({ state }) => state);
    expect(since).toEqual(['succeeded', 'verifying', 'pending']);
    const then = Date.now();
    writeFileSync(clockFile, JSON.stringify({ segments: [atFirst, { wall: then, data: then, speed }] }));
    const end = await untilStep(store, waiting, 'end', ['planned'], patience);
    expect(end.plan?.confirmLabel).toBe('Record the outcome');
    await confirm(fresh, store, waiting, 'end', 'All quiet.');
    await expect.poll(async () => (await store.runs.get(waiting))?.state, { timeout: patience }).toBe('done');
    const run = (await store.runs.get(waiting))!;
    expect(run.steps.map(({ state, attempt, outputs }) => [state, attempt, outputs])).toEqual([
      ['succeeded', 1, { outcome: 'quiet' }],
      ['succeeded', 1, { answer: 'yes' }],
      ['succeeded', 1, { outcome: 'All quiet.' }],
    ]);
    expect(await createAuditStore(store.db).verify()).toMatchObject({ ok: true });
  } finally {
    for (const { child, exited } of processes) {
      child.kill('SIGKILL');
      await exited;
    }
    await store.stop();
    await database.drop();
  }
}

async function openRun(at: BuiltConsole): Promise<string> {
  // The catalog is read a moment after the start.
  const led: (string | null)[] = [];
  const open = async () => {
    const { status, location } = await at.post('/runbooks/deploy', {});
    led.push(location);
    return status;
  };
  await expect.poll(open, { timeout: patience, interval: 500 }).toBe(303);
  return led.at(-1)!.split('/').at(-1)!;
}

async function confirm(at: BuiltConsole, store: TestProcess, runId: string, step: string, outcome = ''): Promise<void> {
  const { planHash } = await untilStep(store, runId, step, ['planned']);
  const form = { intent: 'confirm', step, hash: planHash!, ...(outcome ? { outcome } : {}) };
  expect(await at.post(`/runs/${runId}`, form)).toMatchObject({ status: 303 });
}

async function stopGracefully({ child, exited }: BuiltConsole): Promise<void> {
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
}

test('a run that waits under the old build ends under the new one, started when the old one has left', () =>
  deployed(async (old, startNew) => {
    await stopGracefully(old);
    return startNew();
  }));

test('a run that waits under the old build ends under the new one, which was up before the old one left', () =>
  deployed(async (old, startNew) => {
    const fresh = await startNew();
    await stopGracefully(old);
    return fresh;
  }));
