import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Actor } from '#app/domain/run/run.ts';
import { errorCode } from '#app/errors.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { giveAccounts } from '#test/support/accounts.ts';
import { testDatabase } from '#test/support/database.ts';
import { type FakeTarget, fakeAction, fakeTarget } from './fake-target.ts';
import { by, confirm, gated, openPlanned } from './gated.ts';
import { ada, catalogOf, startProcess, stepOf, type TestProcess, untilStep } from './harness.ts';

const database = testDatabase({ each: true });
let target: FakeTarget;
const started: TestProcess[] = [];

const people = Array.from(
  { length: 50 },
  (_, index): Actor => ({ email: `p${index}@studio.example`, name: `P${index}`, role: 'responder', teams: [] }),
);

beforeEach(async () => {
  target = fakeTarget('off');
});
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
});

async function start(catalog: Parameters<typeof startProcess>[0]['catalog']): Promise<TestProcess> {
  const actions = [fakeAction('flag.restore', 'forward', target, 'on'), fakeAction('flag.kill', 'stop', target, 'out')];
  const process = await startProcess({ url: database.url, catalog, actions });
  started.push(process);
  return process;
}

/** What all of them got: null for what was taken, else the code of the refusal. */
async function atOnce(wishes: (() => Promise<void>)[]): Promise<(string | null)[]> {
  const told = await Promise.allSettled(wishes.map((wish) => wish()));
  return told.map((one) => (one.status === 'fulfilled' ? null : (errorCode(one.reason) ?? String(one.reason))));
}

const auditOf = async (process: TestProcess, runId: string) =>
  (await createAuditStore(process.db).page({ limit: 200, runId })).reverse();

type Click = 'approve' | 'reject' | 'cancel' | 'approve their own';
const clicks: Click[] = ['approve', 'reject', 'cancel', 'approve their own'];

/** How a request for approval ends, by its audit line. */
const ends: Record<string, string> = {
  'step.confirmed': 'approved',
  'approval.rejected': 'rejected',
  'run.cancelled': 'called-off',
};

test.each(clicks)(
  'fifty people click at once, the first to %s: one outcome, one line for it, nobody approves their own',
  async (first) => {
    const process = await start(gated({ people: 2, from: [], requester: 'excluded' }));
    await giveAccounts(process.db, [ada, ...people]);
    const of = await openPlanned(process, ada);
    await confirm(process, of, ada);
    await untilStep(process, of.runId, 'restore', ['awaiting-approval']);
    const make: Record<Click, (actor: Actor) => Promise<void>> = {
      approve: (actor) => process.runs.approve({ ...of, ...by(actor) }),
      reject: (actor) => process.runs.reject({ ...of, ...by(actor), reason: 'Not tonight.' }),
      cancel: (actor) => process.runs.cancel({ runId: of.runId, actor, reason: 'It recovered.' }),
      'approve their own': () => process.runs.approve({ ...of, ...by(ada) }),
    };
    const wished = people.map((_, index) => (index < 4 ? first : clicks[index % clicks.length]!));
    const told = await atOnce(people.map((actor, index) => () => make[wished[index]!](actor)));
    const own = told.filter((_, index) => wished[index] === 'approve their own');
    expect(own).not.toContain(null);
    const refusals = ['already_done', 'not_planned', 'plan_stale', 'forbidden'];
    expect(told.filter((code) => code !== null && !refusals.includes(code))).toEqual([]);

    const [request, ...more] = await process.runs.approvalRequests({ runId: of.runId });
    expect(more).toEqual([]);
    const audit = await auditOf(process, of.runId);
    const [decided, ...later] = audit.filter(({ action }) => action in ends);
    expect(ends[decided!.action]).toBe(request!.outcome);
    // What was approved, or rejected, may still be cancelled as a run: once.
    expect(later.map(({ action }) => action)).toEqual(later.length === 0 ? [] : ['run.cancelled']);
    const given = audit.filter(({ action }) => action === 'approval.given').map(({ actor }) => actor);
    expect(given).not.toContain(ada.email);
    expect(new Set(given).size).toBe(given.length);
    expect(given.length === 2).toBe(request!.outcome === 'approved');
    await untilStep(process, of.runId, 'restore', ['succeeded', 'planned', 'skipped', 'failed']);
    expect(target.effects.length).toBeLessThanOrEqual(request!.outcome === 'approved' ? 1 : 0);
    expect((await createAuditStore(process.db).verify()).ok).toBe(true);
  },
);

test('fifty people confirm and skip one step at once: one of them decides', async () => {
  const on = { flag: 'voiceover-v2', environment: 'production' };
  const process = await start(catalogOf([stepOf({ id: 'kill', uses: 'flag.kill', with: on })]));
  const of = await openPlanned(process, ada, 'kill');
  const said = { acknowledged: true, outcome: null, address: null };
  const told = await atOnce(
    people.map((actor, index) => {
      if (index % 5 === 4)
        return () => process.runs.skip({ runId: of.runId, stepId: 'kill', reason: 'No need.', actor });
      return () => process.runs.confirm({ ...of, ...said, reason: 'It burns.', actor });
    }),
  );
  expect(told.filter((code) => code === null)).toHaveLength(1);
  const audit = await auditOf(process, of.runId);
  expect(audit.filter(({ action }) => action === 'step.confirmed' || action === 'step.skip')).toHaveLength(1);
  const { state } = await untilStep(process, of.runId, 'kill', ['succeeded', 'skipped']);
  expect(target.effects).toHaveLength(state === 'succeeded' ? 1 : 0);
});
