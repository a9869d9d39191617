import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { createMonitoringRead } from '#app/clients/cloud-monitoring/read.server.ts';
import { createImpactRead } from '#app/clients/unleash/impact-read.server.ts';
import type { RolloutPlan } from '#app/domain/rollout/plan.ts';
import { type Clock, piecewiseClock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { createFaults } from '#simulator/faults.ts';
import { createSimulation, type Simulation } from '#simulator/simulation.ts';
import { unleashCaller } from '#simulator/world/unleash-api.ts';
import { createSingleRevision } from './support/single-revision.ts';
import { shopCatalog } from './support/studio.ts';

const folder = mkdtempSync(join(tmpdir(), 'firebreak-world-'));
const running: Simulation[] = [];
afterAll(async () => {
  for (const simulation of running) await simulation.stop();
  rmSync(folder, { recursive: true });
});

const unleash = inject('unleash');
const call = unleashCaller(unleash.url, { authorization: unleash.adminToken });

const [total, bad] = ['shop_answers', 'shop_failed_answers'];
const rollout: RolloutPlan = {
  stages: [
    {
      guards: [
        { source: { kind: 'impact', name: 'failed', total, bad, under: 0.02 }, over: null, judge: 'cohort' as const },
      ],
      ...{ percent: 25, hold: 600_000, minRequests: 1, window: { short: 5, long: 60 }, approve: [] },
    },
  ],
  ...{ backTo: 'start', resume: 'by-person', shadow: false },
};

async function startSimulation(clock: Clock) {
  const simulation = createSimulation({
    catalog: { ...shopCatalog, flags: shopCatalog.flags.map((flag) => ({ ...flag, rollout })) },
    seed: 'integration',
    clock,
    faults: createFaults(),
    dataFolder: folder,
    unleash,
    cloudRun: ({ seed, worldStart, services }) => createSingleRevision(seed, worldStart, services),
    log: () => undefined,
  });
  running.push(simulation);
  const read = createMonitoringRead({
    endpoint: `127.0.0.1:${await simulation.google.listen(0)}`,
    timeoutMs: 10_000,
  });
  await simulation.start();
  return { simulation, read };
}

const begin = Date.UTC(2026, 4, 20, 10);
const counts = (read: ReturnType<typeof createMonitoringRead>, to: number) =>
  read.counts({
    project: 'shop',
    filter: 'metric.type="run.googleapis.com/request_count" resource.label.service_name="checkout-run"',
    from: begin - 86_400_000,
    to,
    periodSeconds: 60,
    groupBy: ['metric.label.response_code', 'resource.label.revision_name'],
  });

test('a flag turned by a person through Unleash burns in what real SDKs evaluated, and a restart finds the same past', async () => {
  const segments = [{ wall: Date.now(), data: begin, speed: 0 }];
  const clock = piecewiseClock(() => segments);
  const { simulation, read } = await startSimulation(clock);

  const [strategy] = (await call('GET', '/projects/default/features/one-click/environments/production/strategies')) as {
    parameters: { rollout: string };
  }[];
  expect(strategy?.parameters.rollout).toBe('5');
  const quiet = await counts(read, begin);
  expect(quiet.length).toBeGreaterThan(1);

  await simulation.control.startDrill({ name: 'bad-flag', at: begin + 120_000 });
  segments.push({ wall: Date.now(), data: begin, speed: 240 });
  await expect.poll(() => clock.now(), { timeout: 20_000, interval: 200 }).toBeGreaterThan(begin + 30 * 60_000);
  segments.push({ wall: Date.now(), data: clock.now(), speed: 0 });

  const [event] = (
    (await call('GET', '/search/events?feature=IS:one-click&type=IS:feature-strategy-update&limit=1')) as {
      events: { createdBy: string; data: { parameters: { rollout: string } } }[];
    }
  ).events;
  expect(event).toMatchObject({ createdBy: 'shop', data: { parameters: { rollout: '25' } } });

  // What the whole hour says: from a few minutes after the change, about 26 times the budget of 0.1 %.
  const to = begin + 24 * 60_000;
  const flags = await read.counts({
    project: 'shop',
    filter: 'metric.type="custom.googleapis.com/flag_requests" metric.label.flag="one-click"',
    from: begin + 8 * 60_000,
    to,
    periodSeconds: 60,
    groupBy: ['metric.label.enabled', 'metric.label.response_code_class'],
  });
  const sum = (enabled: string, codeClass: string | null) =>
    flags
      .filter((s) => s.labels.enabled === enabled && (codeClass === null || s.labels.response_code_class === codeClass))
      .flatMap((s) => s.points)
      .reduce((total, point) => total + point.value, 0);
  const exposed = sum('true', null) / (sum('true', null) + sum('false', null));
  expect(exposed).toBeGreaterThan(0.15);
  expect(exposed).toBeLessThan(0.35);
  expect(sum('true', '5xx') / sum('true', null)).toBeGreaterThan(0.07);
  expect(sum('false', '5xx') / sum('false', null)).toBeLessThan(0.005);

  const told = await createImpactRead({
    address: { baseUrl: unleash.url, adminToken: unleash.adminToken, clientTokens: {} },
    resilience: createResilience({ system: 'Unleash', retries: 0 }),
  }).counters([total, bad]);
  const toldOf = (metric: string, answer: string) =>
    told
      .filter((one) => one.metric === metric && one.labels.one_click === answer)
      .reduce((all, { value }) => all + value, 0);
  expect(toldOf(bad, 'enabled') / toldOf(total, 'enabled')).toBeGreaterThan(0.05);
  expect(toldOf(bad, 'disabled') / toldOf(total, 'disabled')).toBeLessThan(0.005);

  const before = await counts(read, to);
  await read.close();
  await simulation.stop();
  const again = await startSimulation(clock);
  expect(await counts(again.read, to)).toEqual(before);
  expect(again.simulation.control.state()).toMatchObject({ drill: { name: 'bad-flag', flag: 'one-click' } });
  await again.read.close();
});
