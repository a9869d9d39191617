import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMonitoringRead } from '#app/clients/cloud-monitoring/read.server.ts';
import type { RolloutGuard } from '#app/domain/rollout/plan.ts';
import { minuteMs } from '#app/domain/slo/series.ts';
import type { Metric, RawSeries } from '#simulator/google/monitoring/metric-source.ts';
import { testDatabase } from '#test/support/database.ts';
import { startMonitoring } from '../../simulator/support/monitoring.ts';
import { fakeUnleash } from './fake-unleash.ts';
import {
  calm,
  fastClock,
  planOf,
  type RolloutProcess,
  rolloutCatalog,
  slo,
  startRollouts,
  untilRollout,
} from './harness.ts';

const subject = { kind: 'flag', flag: 'voiceover-v2', environment: 'production' } as const;
const ended = ['done', 'held', 'rolled_back', 'rollback_unverified', 'superseded'] as const;
const filter = (type: string) => `metric.type="${type}" resource.type="cloud_run_revision"`;
const ofMetric: RolloutGuard = {
  source: {
    kind: 'metric',
    name: 'declined',
    project: 'p',
    total: filter('paid'),
    bad: filter('declined'),
    under: 0.02,
  },
  over: null,
  judge: 'service',
};
const ofGreen: RolloutGuard = { source: { kind: 'slo', slo }, over: null, judge: 'cohort', variant: 'green' };

const database = testDatabase({ each: true });
let google: Awaited<ReturnType<typeof startMonitoring>>;
let monitoring: ReturnType<typeof createMonitoringRead>;
let clock: ReturnType<typeof fastClock>;
let unleash: ReturnType<typeof fakeUnleash>;
let process: RolloutProcess;
/** Declined of 100 payments a minute; failures of 100 requests a minute by variant. */
let declined: (at: number) => number;
let failing: Record<'green' | 'blue', number>;
/** Payments are told up to here, ms. */
let told: number;
/** The label that says which variant it was. */
let variantLabel: 'variant' | 'arm';

/** A point at the end of every minute that has passed. */
function every(labels: () => Record<string, string>, value: (end: number) => number): RawSeries {
  return {
    get metricLabels() {
      return labels();
    },
    resourceType: 'cloud_run_revision',
    resourceLabels: { project_id: 'p', service_name: 'shop', location: 'eu' },
    visit(after, until, visit) {
      const last = Math.min(until, clock.now(), told);
      for (let end = (Math.floor(after / minuteMs) + 1) * minuteMs; end <= last; end += minuteMs)
        visit(end, value(end));
    },
  };
}
const metric = (type: string, labels: string[]): Metric => ({
  ...{ type, labels, kind: 'DELTA', valueType: 'INT64', unit: '1' },
  ...{ displayName: type, description: type },
});

beforeEach(async () => {
  clock = fastClock(120);
  [declined, failing, told, variantLabel] = [() => 0, { green: 0, blue: 0 }, Number.MAX_VALUE, 'variant'];
  unleash = fakeUnleash(subject.flag, subject.environment, clock.now);
  const cohort = (variant: 'green' | 'blue', bad: boolean) =>
    every(
      () => ({ enabled: 'true', response_code_class: bad ? '5xx' : '2xx', [variantLabel]: variant }),
      () => (bad ? failing[variant] : 100 - failing[variant]),
    );
  google = await startMonitoring({
    paid: {
      metric: metric('paid', []),
      series: [
        every(
          () => ({}),
          () => 100,
        ),
      ],
    },
    declined: {
      metric: metric('declined', []),
      series: [
        every(
          () => ({}),
          (at) => declined(at),
        ),
      ],
    },
    flag_requests: {
      metric: metric('flag_requests', ['enabled', 'response_code_class', 'variant', 'arm']),
      series: (['green', 'blue'] as const).flatMap((name) => [cohort(name, false), cohort(name, true)]),
    },
  });
  monitoring = createMonitoringRead({ endpoint: google.endpoint, timeoutMs: 10_000 });
  const base = rolloutCatalog();
  const cohortMetric = { project: 'p', filter: filter('flag_requests') };
  process = await startRollouts({
    ...{ url: database.url, told: calm(), clock, unleash, monitoring },
    catalog: { ...base, flags: base.flags.map((flag) => ({ ...flag, cohort: cohortMetric })) },
  });
});
afterEach(async () => {
  await process.stop();
  await monitoring.close();
  await google.stop();
});

function begin(guard: RolloutGuard, percents = [25, 100]): Promise<string> {
  const plan = planOf(percents);
  return process.begin(subject, { ...plan, stages: plan.stages.map((stage) => ({ ...stage, guards: [guard] })) });
}
const saidOf = async (id: string) => (await process.rollouts.entries(id)).map(({ text }) => text).join('\n');

test('a metric under its bound lets it go up', async () => {
  declined = () => 1;
  const id = await begin(ofMetric);
  expect(await untilRollout(process, id, [...ended], 80_000)).toMatchObject({ state: 'done' });
  expect(await saidOf(id)).toMatch(/100 % has passed: declined: Burns 0\.5× over \d+ min, under 1×/);
});

test('a metric over its bound takes it back', async () => {
  declined = (at) => (unleash.percentAt(at - minuteMs / 2) > 0 ? 3 : 0);
  const id = await begin(ofMetric);
  expect(await untilRollout(process, id, [...ended], 80_000)).toMatchObject({ state: 'rolled_back' });
  expect(await saidOf(id)).toMatch(/declined: Burns [\d.]+× over 5 min/);
  expect(unleash.percent()).toBe(0);
});

test('a metric that tells nothing more holds it', async () => {
  const id = await begin(ofMetric);
  await untilRollout(process, id, ['baking']);
  told = clock.now();
  expect(await untilRollout(process, id, [...ended], 80_000)).toMatchObject({
    held: { reason: 'no-data', text: expect.stringMatching(/^declined: .*missing data is never success/) },
  });
});

test('a metric that cannot be read holds it and says why', async () => {
  const source = { ...ofMetric.source, bad: filter('nowhere') } as RolloutGuard['source'];
  const id = await begin({ ...ofMetric, source });
  expect(await untilRollout(process, id, [...ended], 80_000)).toMatchObject({
    held: { reason: 'provider-error', text: expect.stringContaining('nowhere') },
  });
});

test('of two variants only the one that is named is judged', async () => {
  failing.blue = 30;
  expect(await untilRollout(process, await begin(ofGreen, [50]), [...ended], 80_000)).toMatchObject({ state: 'done' });
  const blue = await begin({ ...ofGreen, variant: 'blue' }, [60]);
  expect(await untilRollout(process, blue, [...ended], 80_000)).toMatchObject({ state: 'rolled_back' });
});

test('a metric without the label of variants is said to tell none', async () => {
  variantLabel = 'arm';
  const id = await begin(ofGreen, [50]);
  expect(await untilRollout(process, id, [...ended], 80_000)).toMatchObject({
    held: { reason: 'provider-error', text: expect.stringContaining('without the label "variant"') },
  });
});
