import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MonitoringRead } from '#app/clients/cloud-monitoring/port.ts';
import { previousRevision } from '#app/domain/service/rollback.ts';
import { testDatabase } from '#test/support/database.ts';
import { openCloudRun } from '../../clients/cloud-run/studio.ts';
import { ada } from '../harness.ts';
import { calm, fastClock, type RolloutProcess, startRollouts, type Told, untilRollout } from './harness.ts';
import { byRevision, movingTraffic, pinStable, requestsOf, sharesOf } from './one-revision.ts';

const database = testDatabase({ each: true });
let studio: Awaited<ReturnType<typeof openCloudRun>>;
let passing: NodeJS.Timeout;
let told: Told;
let process: RolloutProcess;
let clock: ReturnType<typeof fastClock>;
let stable: string;
let canary: string;
/** Share of the canary's requests that fail. */
let failing = 0;
/** Cloud Monitoring gives no minute after this. */
let silentFrom = Number.MAX_VALUE;

beforeEach(async () => {
  failing = 0;
  silentFrom = Number.MAX_VALUE;
  told = calm();
  clock = fastClock(120);
  studio = await openCloudRun();
  passing = setInterval(() => studio.seconds(2), 50);
  const revisions = await studio.read.revisions(studio.target);
  canary = revisions[0]!.name;
  stable = previousRevision(revisions, canary)!.name;
  await pinStable(studio, stable);
  await expect.poll(shares, { timeout: 10_000 }).toEqual({ [stable]: 100 });
});
afterEach(async () => {
  await process.stop();
  clearInterval(passing);
  await studio.close();
});

const shares = () => sharesOf(studio);

/** What Cloud Monitoring tells: of the canary's requests some fail, and after a while it may fall silent. */
const counts: MonitoringRead['counts'] = (asked) =>
  requestsOf(studio, (revision) => (revision === canary ? failing : 0))({
    ...asked,
    to: Math.min(asked.to, silentFrom),
  });

async function start(part: Partial<Parameters<typeof startRollouts>[0]> = {}): Promise<void> {
  process = await startRollouts({
    ...{ url: database.url, told, clock, ...movingTraffic({ ...studio, stable }, { counts }, clock) },
    ...part,
  });
}

const subject = () => ({ kind: 'revision', service: 'shop', revision: canary }) as const;

test('a healthy revision takes over by steps, judged by its own requests', async () => {
  await start();
  const id = await process.begin(subject(), byRevision([10, 60, 100]));
  const done = await untilRollout(process, id, ['done', 'held', 'rolled_back', 'superseded'], 100_000);
  expect(done).toMatchObject({ state: 'done', stage: 2 });
  expect(await shares()).toEqual({ [canary]: 100 });
  const runs = await Promise.all((await process.rollouts.runs(id)).map(({ runId }) => process.runs.get(runId)));
  expect(runs.map((run) => run?.steps[0]?.plan?.kind)).toEqual(['forward', 'forward', 'forward']);
});

test('a bad revision is put back to exactly what stood before', async () => {
  await start();
  failing = 0.2;
  const id = await process.begin(subject(), byRevision([10, 100]));
  const back = await untilRollout(process, id, ['rolled_back', 'rollback_unverified', 'done', 'superseded'], 100_000);
  expect(back).toMatchObject({ state: 'rolled_back', stage: 0 });
  expect(await shares()).toEqual({ [stable]: 100 });
  expect((await process.rollouts.entries(id)).map(({ text }) => text).join('\n')).toContain('Burns 200× over');
});

test('a blackout of its data holds a revision where it is', async () => {
  await start();
  const id = await process.begin(subject(), byRevision([10, 100]));
  await untilRollout(process, id, ['baking']);
  silentFrom = clock.now();
  expect(await untilRollout(process, id, ['held', 'done', 'rolled_back'])).toMatchObject({
    held: { reason: 'no-data' },
  });
  expect(await shares()).toEqual({ [stable]: 90, [canary]: 10 });
});

async function byHand(percent: number): Promise<void> {
  const { etag } = await studio.read.service(studio.target);
  const entries = [
    { revision: stable, percent: 100 - percent, tag: null },
    { revision: canary, percent, tag: null },
  ].filter((one) => one.percent > 0);
  const signal = AbortSignal.timeout(5_000);
  await studio.write.setTraffic(studio.target, entries, { etag, validateOnly: false, signal });
  await expect.poll(async () => (await shares())[canary] ?? 0, { timeout: 10_000 }).toBe(percent);
}

test('one that would take traffic away from its revision is neither drawn up nor started', async () => {
  await start({ moves: false });
  await byHand(40);
  await process.turn();
  const draw = (percents: number[]) =>
    process.rollouts.draw({ subject: subject(), service: 'shop', plan: byRevision(percents) }, ada);
  const message =
    '40 % of the requests to shop has it now, and stage 1 sets 10 %: a rollout only goes up. Draw it up from above that, or set a smaller share by hand first.';
  await expect(draw([10, 100])).rejects.toMatchObject({ code: 'bad_input', message });
  await expect(draw([40, 100])).rejects.toMatchObject({ code: 'bad_input' });
  await draw([41, 100]);
  await byHand(0);
  await process.turn();
  const id = await draw([10, 100]);
  await byHand(40);
  await process.turn();
  await expect(process.decide(id, 'start')).rejects.toMatchObject({ code: 'bad_input', message });
});

test('its traffic raised by another hand between the start and the first step, it is held and takes nothing away', async () => {
  let raised = false;
  const at = async (point: string) => {
    if (point !== 'before-open' || raised) return;
    raised = true;
    await byHand(40);
  };
  await start({ hooks: { at } });
  const id = await process.begin(subject(), byRevision([10, 100]));
  const held = await untilRollout(process, id, ['held', 'baking', 'superseded']);
  expect(held).toMatchObject({ state: 'held', stage: 0, effectAt: null, held: { reason: 'takes-away' } });
  expect(held.held?.text).toContain('40 % of the requests to shop has it now');
  expect(await shares()).toEqual({ [stable]: 60, [canary]: 40 });
});

test('returned to LATEST between the start and the first step, it is seen to have everything already', async () => {
  let returned = false;
  const at = async (point: string) => {
    if (point !== 'before-open' || returned) return;
    returned = true;
    const { etag } = await studio.read.service(studio.target);
    const signal = AbortSignal.timeout(5_000);
    const latest = [{ revision: null, percent: 100, tag: null }];
    await studio.write.setTraffic(studio.target, latest, { etag, validateOnly: false, signal });
    await expect.poll(shares, { timeout: 10_000 }).toEqual({ [canary]: 100 });
  };
  await start({ hooks: { at } });
  const id = await process.begin(subject(), byRevision([10, 100]));
  const held = await untilRollout(process, id, ['held', 'baking', 'superseded']);
  expect(held).toMatchObject({ state: 'held', stage: 0, held: { reason: 'takes-away' } });
  expect(held.held?.text).toContain('100 % of the requests to shop has it now');
});

test('somebody else’s hand on the traffic ends it, and what they set stays', async () => {
  await start();
  const id = await process.begin(subject(), byRevision([10, 100]));
  await untilRollout(process, id, ['baking']);
  await byHand(30);
  expect((await untilRollout(process, id, ['superseded', 'done', 'rolled_back'])).state).toBe('superseded');
  expect(await shares()).toEqual({ [stable]: 70, [canary]: 30 });
});

test('a process that dies around every move moves the traffic once a stage', async () => {
  let died: string | null = null;
  await start({
    hooks: {
      at: async (point) => {
        const again = died === point && point.startsWith('before');
        died = again ? null : point;
        if (!again) throw new Error(`the process dies ${point}`);
      },
    },
  });
  const id = await process.begin(subject(), byRevision([10, 100]));
  expect((await untilRollout(process, id, ['done', 'superseded', 'rolled_back'], 100_000)).state).toBe('done');
  expect(await process.rollouts.runs(id)).toHaveLength(2);
  expect(await shares()).toEqual({ [canary]: 100 });
});
