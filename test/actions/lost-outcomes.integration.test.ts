// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of endpoints look like this
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { githubDispatch } from '#app/actions/github-dispatch.server.ts';
import { httpRequest } from '#app/actions/http-request.server.ts';
import { notify } from '#app/actions/notify.server.ts';
import { wait } from '#app/actions/wait.server.ts';
import { createEndpointsWrite } from '#app/clients/endpoint/write.server.ts';
import { createGitHubRead } from '#app/clients/github/read.server.ts';
import { createGitHubWrite } from '#app/clients/github/write.server.ts';
import type { Endpoint } from '#app/domain/endpoint/endpoint.ts';
import type { StepState } from '#app/domain/run/run.ts';
import type { HookPoint } from '#app/engine/runs/port.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { createChat, type SimChat } from '#simulator/chat/chat.ts';
import { createFaults } from '#simulator/faults.ts';
import { testDatabase } from '#test/support/database.ts';
import {
  ada,
  catalogOf,
  confirmPlanned,
  startProcess,
  stepOf,
  type TestProcess,
  untilStep,
} from '../engine/harness.ts';
import { place, startGitHub, type TestGitHub } from '../simulator/github/start.ts';

const database = testDatabase({ each: true });
let process: TestProcess;
let github: TestGitHub;
let chat: SimChat;
let server: ReturnType<typeof createServer>;
/** Where the process that drives a run loses it, once. */
const lostAt = new Map<string, HookPoint>();

/**
 * One step of each place in the failure table, on a world that remembers what it was sent. Each point has its own runbook: an
 * open run of the same one would be found again. It has its own endpoint for a change, too: an unknown outcome keeps its target.
 */
const stepsAt = (point: HookPoint) => ({
  'ask a person': stepOf({ id: 'act', uses: 'notify', with: { to: 'incidents', text: 'We are on it.' } }),
  'same key': stepOf({ id: 'act', uses: 'notify', with: { to: 'board', text: 'We are on it.' } }),
  'ask about a change': stepOf({
    id: 'act',
    uses: 'http.request',
    with: { endpoint: `queue-${point}`, body: { text: 'pause' } },
  }),
  'look first': stepOf({
    id: 'act',
    uses: 'github.dispatch',
    with: { ...place, ref: 'main', inputs: { queue: 'render' } },
  }),
  inside: stepOf({ id: 'act', uses: 'wait', with: { for: '1s' } }),
});
type Kind = keyof ReturnType<typeof stepsAt>;
const points: HookPoint[] = ['before-intent', 'after-intent', 'after-effect'];

function endpoint(name: string, use: Endpoint['use'], repeatable = false): Endpoint {
  const base = { method: 'POST' as const, headers: {}, status: [200], contains: null };
  return { ...base, name, title: name, use, url: `\${env:CHAT}/${name}`, repeatable };
}

beforeEach(async () => {
  github = await startGitHub({ clock: systemClock, manners: { listedAfter: 300, startsAfter: 0, lasts: 500 } });
  chat = createChat({ clock: systemClock, faults: createFaults() });
  server = createServer((request, response) => void chat.handle(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const settings = { references: { CHAT: `http://127.0.0.1:${port}/chat` }, internal: [`127.0.0.1:${port}`] };
  const write = createEndpointsWrite(settings, createResilience({ system: 'Declared endpoints' }), (text) => text);
  const resilience = createResilience({ system: 'GitHub' });
  const outside = {
    read: createGitHubRead(github.address, resilience),
    write: createGitHubWrite(github.address, resilience),
  };
  const one = catalogOf([]);
  lostAt.clear();
  process = await startProcess({
    url: database.url,
    actions: [
      notify({ write, link: (path) => path }),
      httpRequest(write),
      githubDispatch({ ...outside, patience: { every: 50, listed: 3_000, ended: 3_000 } }),
      wait({ state: async () => null }),
    ],
    catalog: {
      ...one,
      endpoints: [
        endpoint('incidents', 'chat'),
        endpoint('board', 'webhook', true),
        ...points.map((point) => endpoint(`queue-${point}`, 'request')),
      ],
      runbooks: points.flatMap((point) =>
        Object.entries(stepsAt(point)).map(([kind, step]) => ({
          ...one.runbooks[0]!,
          slug: `${kind} ${point}`,
          steps: [step],
        })),
      ),
    },
    hooks: {
      async at(point, { runId }) {
        if (lostAt.get(runId) !== point) return;
        lostAt.delete(runId);
        // As for a process that another one took over from: nothing it does is recorded any more.
        throw Object.assign(new Error('this process lost the step'), { name: 'Fenced' });
      },
    },
  });
});
afterEach(async () => {
  await process.stop();
  await github.stop();
  server.closeAllConnections();
  server.close();
});

interface Told {
  state: StepState;
  /** What the outside world got of it, by key. */
  keys: string[];
}

/** Loses a step at a point, and tells how it ended. */
async function lost(kind: Kind, point: HookPoint): Promise<Told> {
  const template = `${kind} ${point}`;
  const runId = await process.runs.openRun({ template, inputs: {}, incidentId: null, service: null }, ada);
  lostAt.set(runId, point);
  await confirmPlanned(process, runId, 'act');
  const { state } = await untilStep(process, runId, 'act', ['succeeded', 'unknown', 'failed'], 40_000);
  expect(lostAt.has(runId), `${kind} was never at ${point}`).toBe(false);
  const said = chat.messages().map(({ key }) => key ?? '');
  const started = github.github.runs().map(({ inputs }) => inputs.firebreak_key ?? '');
  return { state, keys: [...said, ...started].filter((key) => key.startsWith(runId)) };
}

const lostAtEach = (kind: Kind) => Promise.all(points.map((point) => lost(kind, point)));

test('a message that no key protects is never sent twice: a person is asked', async () => {
  const [before, after, sent] = await lostAtEach('ask a person');
  expect([before?.state, before?.keys.length]).toEqual(['succeeded', 1]);
  expect([after?.state, after?.keys.length]).toEqual(['unknown', 0]);
  expect([sent?.state, sent?.keys.length]).toEqual(['unknown', 1]);
});

test('where the key makes a repetition harmless, it is sent again with the same key', async () => {
  const [before, after, sent] = await lostAtEach('same key');
  expect([before?.state, before?.keys.length]).toEqual(['succeeded', 1]);
  expect([after?.state, after?.keys.length]).toEqual(['succeeded', 1]);
  expect([sent?.state, sent?.keys.length, new Set(sent?.keys).size]).toEqual(['succeeded', 2, 1]);
});

test('a request whose effect nobody can see asks a person', async () => {
  const [before, after, sent] = await lostAtEach('ask about a change');
  expect([before?.state, before?.keys.length]).toEqual(['succeeded', 1]);
  expect([after?.state, after?.keys.length]).toEqual(['unknown', 0]);
  expect([sent?.state, sent?.keys.length]).toEqual(['unknown', 1]);
});

test('a workflow is looked for before it is started again: one run, whenever the process was lost', async () => {
  const told: Told[] = [];
  // One after the other: a plan says when a run of the workflow is under way, and then asks for a reason.
  for (const point of points) told.push(await lost('look first', point));
  expect(told.map(({ state, keys }) => [state, keys.length])).toEqual(points.map(() => ['succeeded', 1]));
});

test('a wait that was lost begins again and ends', async () => {
  const told = await lostAtEach('inside');
  expect(told.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
});
