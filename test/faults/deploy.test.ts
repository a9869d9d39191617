// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the runbook's own expressions, as a file holds them
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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
/** A change that is proven by an SLO of which nothing is known: it verifies for as long as it may. */
const change = `---
runbook: { version: 1, service: voiceover, slos: [voiceover-availability] }
---
# Change

\`\`\`yaml runbook-step
id: pause-queue
uses: http.request
with: { endpoint: queue, body: { paused: true } }
verify: { slo: voiceover-availability, burn_under: 1, window: 5m, within: 40m }
\`\`\`
`;
const slo = `apiVersion: openslo/v1
kind: Service
metadata:
  name: voiceover
  displayName: Voiceover
  annotations: { firebreak.dev/owner: media-platform }
spec: { description: Turns lines into speech. }
---
apiVersion: openslo/v1
kind: DataSource
metadata: { name: gcp, displayName: Cloud Monitoring }
spec: { type: GoogleCloudMonitoring, connectionDetails: { project: film-studio } }
---
apiVersion: openslo/v1
kind: SLO
metadata: { name: voiceover-availability, displayName: Voiceover answers }
spec:
  description: Requests without a server error.
  service: voiceover
  indicator:
    metadata: { name: voiceover-requests }
    spec:
      ratioMetric:
        counter: true
        bad: { metricSource: { metricSourceRef: gcp, type: GoogleCloudMonitoring, spec: { filter: 'metric.type="a" resource.type="b"' } } }
        total: { metricSource: { metricSourceRef: gcp, type: GoogleCloudMonitoring, spec: { filter: 'metric.type="c" resource.type="b"' } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ displayName: All, target: 0.999 }]
`;
const organisation = (port: number) => `apiVersion: firebreak/v1
kind: Organisation
metadata: { name: studio, displayName: Studio }
spec:
  hosts: ["127.0.0.1:${port}"]
  endpoints:
    - { name: queue, title: The queue, use: request, url: "\${env:QUEUE}/pause" }
`;
/** Data ms per wall ms once the new build is there: before that the wait of 20 min outlasts any deploy. */
const speed = 60;
const patience = 60_000;

let folder = '';
let oldBuild = '';
/** What the changes call; says yes to everything, and counts. */
let calls = 0;
const queue = createServer((request, response) => {
  calls++;
  request.resume().on('end', () => response.end('ok'));
});
beforeAll(async () => {
  ensureBuild(() => undefined);
  folder = mkdtempSync(join(tmpdir(), 'firebreak-deploy-'));
  mkdirSync(join(folder, 'catalog/runbooks'), { recursive: true });
  writeFileSync(join(folder, 'catalog/runbooks/deploy.md'), runbook);
  // One open run a runbook: what asks is a copy of its own.
  writeFileSync(join(folder, 'catalog/runbooks/ask.md'), runbook);
  writeFileSync(join(folder, 'catalog/runbooks/change.md'), change);
  mkdirSync(join(folder, 'catalog/alerts'));
  writeFileSync(join(folder, 'catalog/alerts/voiceover.yaml'), slo);
  await new Promise<void>((resolve) => queue.listen(0, '127.0.0.1', resolve));
  writeFileSync(join(folder, 'catalog/alerts/organisation.yaml'), organisation(portOf(queue)));
  oldBuild = copyBuild(join(folder, 'old'), { here: 'Record the outcome', there: 'Write the outcome' });
}, 240_000);
afterAll(() => {
  queue.close();
  rmSync(folder, { recursive: true, force: true });
});
const portOf = (server: Server) => (server.address() as AddressInfo).port;

/**
 * Runs of the old build, one that a person answered and that waits, one whose plan waits for a word and one that verifies what it
 * changed; then `deploy`; what is left of them has to come under the new one, and nothing a second time.
 */
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
    FIREBREAK_REF_QUEUE: `http://127.0.0.1:${portOf(queue)}`,
    OUTBOUND_INTERNAL: `127.0.0.1:${portOf(queue)}`,
  };
  const before = calls;
  const old = await startBuilt(oldBuild, env);
  const processes = [old];
  const store = await startProcess({ url: database.url, actions: [], catalog: catalogOf([]), engine: false });
  try {
    const waiting = await openRun(old);
    expect((await untilStep(store, waiting, 'look', ['planned'])).plan?.confirmLabel).toBe('Write the outcome');
    await confirm(old, store, waiting, 'look', 'quiet');
    await confirm(old, store, waiting, 'pause');
    await untilStep(store, waiting, 'pause', ['verifying']);
    const asked = await openRun(old, 'ask');
    const plan = await untilStep(store, asked, 'look', ['planned']);
    const proving = await openRun(old, 'change');
    await confirm(old, store, proving, 'pause-queue');
    const effectAt = async () => (await store.runs.get(proving))?.steps[0]?.effectAt ?? null;
    await expect.poll(effectAt, { timeout: patience }).not.toBeNull();
    const proven = await untilStep(store, proving, 'pause-queue', ['verifying']);
    expect(calls - before).toBe(1);

    const fresh = await deploy(old, async () => {
      const started = await startBuilt(root, env);
      processes.push(started);
      return started;
    });
    const since = (await store.runs.get(waiting))!.steps.map(({ state }) => state);
    expect(since).toEqual(['succeeded', 'verifying', 'pending']);
    const held = (await store.runs.get(asked))!.steps[0]!;
    expect([held.state, held.planHash]).toEqual(['planned', plan.planHash]);
    // The word is for the plan of the old build: it counts under the new one, and counts once.
    await confirm(fresh, store, asked, 'look', 'loud');
    expect((await untilStep(store, asked, 'look', ['succeeded'])).outputs).toEqual({ outcome: 'loud' });
    expect((await store.runs.get(proving))!.steps[0]).toMatchObject({ state: 'verifying', effectAt: proven.effectAt });
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
    // Nothing is known of its SLO: the new build ends what the old one began to prove, at the time that was promised, and says so.
    const judged = await untilStep(store, proving, 'pause-queue', ['succeeded'], patience);
    expect([judged.result, judged.attempt, judged.effectAt, calls - before]).toEqual([
      'no_data',
      1,
      proven.effectAt,
      1,
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

async function openRun(at: BuiltConsole, runbook = 'deploy'): Promise<string> {
  // The catalog is read a moment after the start.
  const led: (string | null)[] = [];
  const open = async () => {
    const { status, location } = await at.post(`/runbooks/${runbook}`, {});
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
