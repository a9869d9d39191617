import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Action, ActionContext } from '#app/actions/action.ts';
import { pagerDutyEscalate } from '#app/actions/pagerduty-escalate.server.ts';
import { snooze } from '#app/actions/snooze.server.ts';
import { createPagerDutyRead } from '#app/clients/pagerduty/read.server.ts';
import { createPagerDutyWrite } from '#app/clients/pagerduty/write.server.ts';
import type { HookPoint } from '#app/engine/runs/port.ts';
import type { IncidentStore } from '#app/stores/stores.ts';
import { routingKey, startPagerDuty, type TestPagerDuty } from '#test/simulator/pagerduty/start.ts';
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

const points: HookPoint[] = ['before-intent', 'after-intent', 'after-effect'];
const steps = {
  escalate: stepOf({ id: 'act', uses: 'pagerduty.escalate' }),
  snooze: stepOf({ id: 'act', uses: 'snooze', with: { for: '30m' } }),
};

const database = testDatabase({ each: true });
let pagerDuty: TestPagerDuty;
let process: TestProcess;
/** Where the process that drives a run loses it, once; and which page a step is about, by its title. */
const lostAt = new Map<string, HookPoint>();
const pageOf = new Map<string, string>();

const clients = () => ({
  read: createPagerDutyRead(pagerDuty.address),
  write: createPagerDutyWrite(pagerDuty.address),
});

/** The action on the page that its step is about. */
function about(make: (incidents: IncidentStore) => Action): Action {
  const bound = ({ step }: ActionContext) => {
    const pages = async () => [await clients().read.incident(pageOf.get(step.title) ?? '')];
    return make({ pagerDuty: pages, get: async () => null } as unknown as IncidentStore);
  };
  const inIncident = (context: ActionContext) => ({ ...context, run: { ...context.run, incidentId: 'burn' } });
  const { uses, recovery } = make({} as IncidentStore);
  return {
    uses,
    recovery,
    plan: (context) => bound(context).plan(inIncident(context)),
    apply: (context, move) => bound(context).apply(inIncident(context), move),
    observe: (context, move, direction) => bound(context).observe(inIncident(context), move, direction),
  };
}

beforeEach(async () => {
  pagerDuty = await startPagerDuty();
  const from = 'ada@studio.example';
  const one = catalogOf([]);
  const templates = Object.entries(steps).flatMap(([kind, step]) =>
    points.map((point) => ({
      ...one.runbooks[0]!,
      slug: `${kind} ${point}`,
      steps: [{ ...step, title: `${kind} ${point}` }],
    })),
  );
  process = await startProcess({
    url: database.url,
    actions: [
      about((incidents) => pagerDutyEscalate({ ...clients(), incidents, from })),
      about((incidents) => snooze({ ...clients(), incidents, from, slos: { state: async () => null } })),
    ],
    catalog: { ...one, runbooks: templates },
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
  await pagerDuty.stop();
});

/** Loses a step at a point on a page of its own; tells how it ended and what its log holds of this kind. */
async function lost(kind: keyof typeof steps, point: HookPoint, entry: RegExp) {
  const source = { severity: 'critical' as const, source: 'voiceover', details: {}, links: [] };
  const summary = `${kind} ${point}`;
  await clients().write.sendEvent({ action: 'trigger', dedupKey: summary, routingKey, summary, ...source });
  const id = (await clients().read.openIncidents()).find(({ title }) => title === summary)!.id;
  pageOf.set(summary, id);
  const runId = await process.runs.openRun({ template: summary, inputs: {}, incidentId: null, service: null }, ada);
  lostAt.set(runId, point);
  await confirmPlanned(process, runId, 'act');
  const { state } = await untilStep(process, runId, 'act', ['succeeded', 'unknown', 'failed'], 40_000);
  expect(lostAt.has(runId)).toBe(false);
  const log = await clients().read.log(id);
  return { state, times: log.filter(({ text }) => entry.test(text)).length };
}

test('an escalation that was lost pages nobody twice: who has it is looked at first', async () => {
  const told = await Promise.all(points.map((point) => lost('escalate', point, /^Escalated to level 2/)));
  expect(told).toEqual(points.map(() => ({ state: 'succeeded', times: 1 })));
});

test('a snooze that was lost is said once more, and the page is quiet', async () => {
  const told = await Promise.all(points.map((point) => lost('snooze', point, /^Snoozed/)));
  expect(told.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect(told.map(({ times }) => times)).toEqual([1, 1, 2]);
});
