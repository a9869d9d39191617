import { type AppLoadContext, createRequestHandler } from '@remix-run/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import type { StepResult } from '#app/domain/run/run.ts';
import { fireSchedules } from '#app/engine/fire-schedules.server.ts';
import { manualClock } from '#app/platform/clock.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { createChangeRequestStore } from '#app/stores/flag/change-requests.server.ts';
import { createFlagScheduleStore } from '#app/stores/flag/flag-schedules.server.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { anSlo } from '../domain/slo/make.ts';
import { type FakeTarget, fakeAction, fakeTarget } from '../engine/fake-target.ts';
import {
  ada,
  catalogOf,
  confirmPlanned,
  linus,
  noSlos,
  startProcess,
  type TestProcess,
  untilStep,
} from '../engine/harness.ts';
import { fakeContext } from '../support/pages/context.ts';
import { sourceBuild } from '../support/pages/source-build.ts';
import { burningWorld } from '../support/pages/world.ts';

const minute = 60_000;
const start = Date.parse('2026-11-22T03:26:00Z');
const silent = async () => undefined;
const handle = createRequestHandler(sourceBuild(), 'production');
const wish = { flag: 'voiceover-v2', environment: 'production', percent: '25' };
const seen = { flag: wish.flag, environment: wish.environment, enabled: false, strategies: [] };

let catalog: Catalog;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let process: TestProcess;
let target: FakeTarget;
let clock: ReturnType<typeof manualClock>;
/** Of a hundred events a minute, those that fail since the change, as far as minutes have settled; null where nothing is heard. */
let failing: number | null;

beforeEach(async () => {
  database = await createTestDatabase();
  target = fakeTarget('off');
  clock = manualClock(start);
  catalog = catalogOf([]);
  catalog.slos = [anSlo()];
  catalog.flags[0]!.slos = [anSlo().id];
  const expose = fakeAction('flag.expose', 'forward', target, '25');
  process = await startProcess({
    ...{ url: database.url, catalog, clock: { ...clock, speed: () => 1_000 } },
    slos: { ...noSlos, minutes: async (_slo, from, to) => minutes(from, Math.min(to, clock.now() - 4 * minute)) },
    actions: [
      {
        ...expose,
        async plan(context) {
          const planned = await expose.plan(context);
          return { ...planned, plan: { ...planned.plan, before: seen } };
        },
      },
      fakeAction('flag.restore', 'forward', target, '25'),
    ],
  });
});
afterEach(async () => {
  await process.stop();
  await database.drop();
});

function minutes(from: number, to: number) {
  const ends = Array.from({ length: Math.max(0, Math.floor((to - from) / minute)) }, (_, i) => from + (i + 1) * minute);
  return ends.flatMap((at) => {
    const bad = at <= start ? 0 : failing;
    return bad === null ? [] : [{ at, bad, total: 100 }];
  });
}

/** The run of a request that Linus made and Ada opens by the form of the page. */
async function byRequest(inputs: Record<string, string> = wish): Promise<string> {
  const changeRequests = createChangeRequestStore(process.db, silent, appendAudit);
  const asked = { environment: inputs.environment!, title: 'Set it', reason: 'For the fair.', owners: ['voice'] };
  const id = await changeRequests.ask(
    { ...asked, flag: wish.flag, template: 'template:flag.expose', inputs, chats: [], link: '' },
    { actor: linus, at: clock.now(), address: null },
  );
  const context = fakeContext({ ...burningWorld(), catalog, now: clock.now() }, 'responder');
  const full: object = { ...context, stores: { ...context.stores, runs: process.runs, changeRequests } };
  const body = new URLSearchParams({ intent: 'open-run', id });
  const request = new Request('http://127.0.0.1:4400/change-requests', { method: 'POST', body });
  const answer = await handle(request, full as AppLoadContext);
  return answer.headers.get('location')!.split('/').at(-1)!;
}

/** The run of a change that Linus planned for later, once its time has come. */
async function bySchedule(): Promise<string> {
  const schedules = createFlagScheduleStore(process.db, silent, appendAudit);
  const planned = {
    template: 'template:flag.expose',
    title: 'Set it',
    local: '2026-11-22T04:26',
    zone: 'Europe/Berlin',
  };
  await schedules.make(
    { flag: wish.flag, environment: wish.environment, inputs: wish, seen, firesAt: start, ...planned },
    { actor: linus, at: clock.now(), address: null },
  );
  const look = fireSchedules({
    ...{ db: process.db, clock, catalog: async () => catalog, runs: process.runs, notify: silent, mode: 'act' },
    people: { get: async () => linus },
  });
  await expect
    .poll(
      async () => {
        await look();
        return (await schedules.of(wish.flag))[0]!.state;
      },
      { timeout: 10_000 },
    )
    .toBe('fired');
  return (await schedules.of(wish.flag))[0]!.runId!;
}

const byHand = (template: string) => async () => {
  const inputs = template.endsWith('expose') ? wish : { flag: wish.flag, environment: wish.environment };
  return process.runs.openRun({ template, inputs, incidentId: null, service: null }, ada);
};

/** Lets time pass until the step has ended. */
async function resultOf(runId: string, step: string): Promise<StepResult> {
  // Until it is in effect no time passes: what fails fails since then.
  await untilStep(process, runId, step, ['verifying']);
  const over = async () => {
    clock.advance(minute);
    return (await process.runs.get(runId))!.steps[0]!.state;
  };
  await expect.poll(over, { timeout: 20_000, interval: 100 }).toBe('succeeded');
  return (await untilStep(process, runId, step, ['succeeded'])).result;
}

const doors: [string, string, () => Promise<string>][] = [
  ['a request that an owner opens', 'expose', () => byRequest()],
  ['a change that was planned for later', 'expose', bySchedule],
  ['a share that is set by hand', 'expose', byHand('template:flag.expose')],
  ['a flag that is given back what it had', 'restore', byHand('template:flag.restore')],
];

test.each(doors)('%s is judged by the SLO of the flag: harm is found', async (_what, step, open) => {
  failing = 30;
  const runId = await open();
  expect((await process.runs.get(runId))!.inputs.slo).toBe('voiceover-availability');
  const planned = await untilStep(process, runId, step, ['planned', 'running', 'verifying']);
  expect(planned.plan?.verify).toMatchObject({ slo: 'voiceover-availability', burnUnder: 1 });
  if (planned.state === 'planned') await confirmPlanned(process, runId, step);
  expect(await resultOf(runId, step)).toBe('worse');
});

test('where nothing is heard of the SLO its answer is that there is not enough data', async () => {
  failing = null;
  const runId = await byRequest();
  await confirmPlanned(process, runId, 'expose');
  expect(await resultOf(runId, 'expose')).toBe('no_data');
});

test('elsewhere than where SLOs are measured, and where the file names none, nothing judges it', async () => {
  failing = 0;
  const elsewhere = await byRequest({ ...wish, environment: 'development' });
  catalog.flags[0]!.slos = [];
  const unnamed = await byRequest();
  for (const runId of [elsewhere, unnamed]) {
    const { plan } = await untilStep(process, runId, 'expose', ['planned']);
    expect([plan?.verify, (await process.runs.get(runId))!.inputs.slo]).toEqual([null, undefined]);
  }
});
