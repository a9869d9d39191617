import type { AppLoadContext } from '@remix-run/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMonitoringRead } from '#app/clients/cloud-monitoring/read.server.ts';
import { minuteMs } from '#app/domain/slo/series.ts';
import { action } from '#app/routes/rollouts.new.tsx';
import type { RawSeries } from '#simulator/google/monitoring/metric-source.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeContext } from '#test/support/pages/context.ts';
import { burningWorld } from '#test/support/pages/world.ts';
import { metricOf, startMonitoring } from '../../simulator/support/monitoring.ts';
import { fakeUnleash } from './fake-unleash.ts';
import { calm, fastClock, type RolloutProcess, rolloutCatalog, slo, startRollouts, untilRollout } from './harness.ts';

const subject = { kind: 'flag', flag: 'voiceover-v2', environment: 'production' } as const;
const ended = ['done', 'held', 'rolled_back', 'rollback_unverified', 'superseded'] as const;

const database = testDatabase({ each: true });
let google: Awaited<ReturnType<typeof startMonitoring>>;
let monitoring: ReturnType<typeof createMonitoringRead>;
let clock: ReturnType<typeof fastClock>;
let unleash: ReturnType<typeof fakeUnleash>;
let process: RolloutProcess;
let catalog: ReturnType<typeof rolloutCatalog>;

beforeEach(async () => {
  clock = fastClock(120);
  unleash = fakeUnleash(subject.flag, subject.environment, clock.now);
  google = await startMonitoring({
    paid: { metric: metricOf('paid', 'DELTA', 'INT64'), series: [every(() => 100)] },
    // Three of a hundred payments are declined once anybody has the flag.
    declined: {
      metric: metricOf('declined', 'DELTA', 'INT64'),
      series: [every((at) => (unleash.percentAt(at - minuteMs / 2) > 0 ? 3 : 0))],
    },
  });
  monitoring = createMonitoringRead({ endpoint: google.endpoint, timeoutMs: 10_000 });
  const base = rolloutCatalog();
  const cohort = { project: 'p', filter: 'metric.type="flag_requests"' };
  catalog = { ...base, flags: base.flags.map((flag) => ({ ...flag, cohort })) };
  process = await startRollouts({ ...{ url: database.url, told: calm(), clock, unleash, monitoring }, catalog });
});
afterEach(async () => {
  await process.stop();
  await monitoring.close();
  await google.stop();
});

test('a guard that was typed on the page takes it back, though its SLO says nothing', async () => {
  const id = await drawn({ metricBad: 'metric.type="declined"' });
  await process.decide(id, 'start');
  expect(await untilRollout(process, id, [...ended], 80_000)).toMatchObject({ state: 'rolled_back' });
  const said = (await process.rollouts.entries(id)).map(({ text }) => text).join('\n');
  expect(said).toMatch(/declined payments: Burns [\d.]+× over 5 min/);
  expect(unleash.percent()).toBe(0);
});

test('one whose count of bad ones matches nothing says so in all that it lets pass', async () => {
  const id = await drawn({ metricBad: 'metric.type="declined" resource.label.service_name="nobody"' });
  await process.decide(id, 'start');
  await untilRollout(process, id, [...ended], 80_000);
  const { verdict } = (await process.rollouts.get(id))!;
  expect(verdict!.guards.find(({ guard }) => guard === 'declined payments')!.text).toMatch(
    /0 of [\d,]+ failed\. Before the step none was counted either: a count of the wrong thing looks the same\.$/,
  );
});

test('one of a metric that is not there is held, and never passes', async () => {
  const id = await drawn({ metricBad: 'metric.type="nowhere"' });
  await process.decide(id, 'start');
  expect(await untilRollout(process, id, [...ended], 80_000)).toMatchObject({
    held: { reason: 'provider-error', text: expect.stringContaining('nowhere') },
  });
});

/** Draws one up by the page's own form; what it does not ask for is usual. */
async function drawn(typed: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({
    ...{ intent: 'draw', subject: `flag ${subject.environment} ${subject.flag}`, plan: 'typed', judge: 'service' },
    ...{ stages: '25 % for 6m\n100 % for 6m', slo, minRequests: '100', short: '5m', long: '1h' },
    ...{ metricName: 'declined payments', metricProject: 'p', metricTotal: 'metric.type="paid"', metricUnder: '2' },
    ...typed,
  });
  const context = fakeContext(burningWorld(), 'responder', []);
  context.stores = {
    ...context.stores,
    rollouts: process.rollouts,
    catalog: { ...context.stores.catalog, current: async () => catalog },
  };
  const request = new Request('http://127.0.0.1:4400/rollouts/new', { method: 'POST', body });
  const loadContext: object = context;
  const answer = await action({ request, context: loadContext as AppLoadContext, params: {} });
  return new URL((answer as Response).headers.get('location')!, request.url).pathname.split('/').at(-1)!;
}

/** A point at the end of every minute that has passed. */
function every(value: (end: number) => number): RawSeries {
  return {
    metricLabels: {},
    resourceType: 'cloud_run_revision',
    resourceLabels: { project_id: 'p', service_name: 'shop', location: 'eu' },
    visit(after, until, visit) {
      const last = Math.min(until, clock.now());
      for (let end = (Math.floor(after / minuteMs) + 1) * minuteMs; end <= last; end += minuteMs)
        if (value(end) > 0) visit(end, value(end));
    },
  };
}
