import { expect, test } from 'vitest';
import type { StepState } from '#app/domain/run/run.ts';
import { type HookPoint, hookPoints } from '#app/engine/runs/port.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { ada, confirmPlanned, startProcess, undoAsRead, untilStep } from '../engine/harness.ts';
import { startFaulty, untilDead } from './children.ts';
import { faultCatalog } from './fault-catalog.ts';
import { createJournal, effectsOn, journalActions, setOutside } from './journal-target.ts';

const uses = {
  kill: 'flag.kill',
  acknowledge: 'pagerduty.acknowledge',
  note: 'pagerduty.note',
  wait: 'wait',
  move: 'cloudrun.traffic',
};
/** Wall ms from the death to the end of the run: heartbeat, retry and the work itself. */
const takenOverWithin = 25_000;

interface Told {
  point: HookPoint;
  state: StepState;
  effects: string[];
  actions: string[];
  chain: boolean;
}

/** Kills a process with SIGKILL at a point, lets a second one go on, and tells how the step ended. */
async function killedAt(
  point: HookPoint,
  runbook: keyof typeof uses,
  { direction = 'apply', effect = 1 }: { direction?: 'apply' | 'undo'; effect?: number } = {},
): Promise<Told> {
  const database = await createTestDatabase();
  await createJournal(database.url);
  await setOutside(database.url, uses[runbook], 'before');
  const fault = { FAULT_AT: point, FAULT_DIRECTION: direction, FAULT_EFFECT: String(effect) };
  const child = await startFaulty({ DATABASE_URL: database.url, FAULT_SIGNAL: 'SIGKILL', ...fault });
  const options = { url: database.url, actions: journalActions(database.url), catalog: faultCatalog };
  const page = await startProcess({ ...options, engine: false, name: 'page' });
  const runId = await page.runs.openRun({ template: runbook, inputs: {}, incidentId: null, service: null }, ada);
  await confirmPlanned(page, runId, 'step');
  if (direction === 'undo') {
    await untilStep(page, runId, 'step', ['succeeded']);
    await undoAsRead(page, runId, 'step');
  }
  await untilDead(child);
  const second = await startProcess({ ...options, name: 'second' });
  try {
    const ends: StepState[] = direction === 'undo' ? ['undone', 'unknown'] : ['succeeded', 'unknown', 'failed'];
    const step = await untilStep(page, runId, 'step', ends, takenOverWithin);
    const audit = createAuditStore(page.db);
    const actions = (await audit.page({ limit: 50, runId })).map((entry) => entry.action).reverse();
    const { ok } = await audit.verify();
    return { point, state: step.state, effects: await effectsOn(database.url, uses[runbook]), actions, chain: ok };
  } finally {
    await Promise.all([second.stop(), page.stop()]);
    await database.drop();
  }
}

test('killed around a verifiable effect: the second process looks first, and the effect happens once', async () => {
  const all = await Promise.all(hookPoints.map((point) => killedAt(point, 'kill')));
  for (const told of all) {
    expect(told, told.point).toMatchObject({ state: 'succeeded', chain: true });
    expect(told.effects, told.point).toHaveLength(1);
    const ended = told.actions.filter((action) => action === 'step.intent' || action === 'step.done');
    expect(ended, told.point).toEqual(['step.intent', 'step.done']);
  }
});

test('killed around an idempotent effect: it is repeated with the same key at most', async () => {
  const all = await Promise.all(hookPoints.map((point) => killedAt(point, 'acknowledge')));
  for (const told of all) {
    expect(told, told.point).toMatchObject({ state: 'succeeded', chain: true });
    expect(new Set(told.effects).size, told.point).toBe(1);
  }
});

test('killed around an effect nobody can verify: a person is asked, nothing is repeated', async () => {
  const all = await Promise.all(hookPoints.map((point) => killedAt(point, 'note')));
  const clear: HookPoint[] = ['before-intent', 'after-commit', 'before-acknowledge'];
  for (const told of all) {
    expect(told.state, told.point).toBe(clear.includes(told.point) ? 'succeeded' : 'unknown');
    expect(told.effects.length, told.point).toBeLessThanOrEqual(1);
  }
});

test('killed around an undo: what was captured is restored once', async () => {
  const all = await Promise.all(hookPoints.map((point) => killedAt(point, 'kill', { direction: 'undo' })));
  for (const told of all) {
    expect(told, told.point).toMatchObject({ state: 'undone', chain: true });
    expect(told.effects, told.point).toHaveLength(2);
  }
});

test.concurrent('killed around a wait: it goes on, and ends once', async () => {
  const points: HookPoint[] = ['after-intent', 'after-outcome', 'after-commit', 'before-acknowledge'];
  const all = await Promise.all(points.map((point) => killedAt(point, 'wait')));
  for (const told of all) {
    expect(told, told.point).toMatchObject({ state: 'succeeded', effects: [], chain: true });
    expect(told.actions.filter((action) => action === 'step.done' || action === 'step.verified')).toHaveLength(2);
  }
});

test.concurrent('killed around the second of two moves: the first is not made again, and the second once', async () => {
  const points: HookPoint[] = ['after-intent', 'after-effect', 'before-commit', 'before-acknowledge'];
  const all = await Promise.all(points.map((point) => killedAt(point, 'move', { effect: 2 })));
  for (const told of all) {
    expect(told, told.point).toMatchObject({ state: 'succeeded', chain: true });
    expect(told.effects, told.point).toHaveLength(2);
    expect(new Set(told.effects).size, told.point).toBe(2);
    const ended = told.actions.filter((action) => action === 'step.moved' || action === 'step.done');
    expect(ended, told.point).toEqual(['step.moved', 'step.done']);
  }
});
