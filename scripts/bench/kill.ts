import { InMemStorageProvider, Unleash } from 'unleash-client';
import { paths } from '../../app/paths.ts';
import { type Figure, median, quantile } from './figure.ts';
import { postForm, studioDb, until } from './incident.ts';
import type { BenchStudio } from './studio.ts';
import { signInCookie } from './web-console.ts';

const instances = 100;
/** Wall ms between polls: SDKs told to ask often, and SDKs as they come. */
const often = 3_000;
const usual = 15_000;
const lookEvery = 20;
/** One round a flag: a run of the same wish is found again, and would not be a new kill. */
const flags = ['render-worker-gpu-batching', 'studio-api-new-timeline', 'moodboard-analysis-v3'];

/**
 * P3: from the click that confirms a kill to each of 100 SDK instances answering off, without a relay: instances that ask
 * every 3 s, and in the same kill the same instances as they come, asking every 15 s.
 */
export async function kill(studio: BenchStudio): Promise<Figure[]> {
  const cookie = await signInCookie(studio.url, studio.world.password);
  const db = studioDb(studio);
  for (const flag of flags) await turnOn(studio, flag);
  const fleets = [await startFleet(studio, often), await startFleet(studio, usual)];
  try {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (const flag of flags) {
      const wanted = fleets.flat();
      await until(
        `all instances answer on for ${flag}`,
        async () => wanted.every((sdk) => sdk.isEnabled(flag)) || null,
      );
      const to = await postForm(studio.url, paths.flag(flag), cookie, { intent: 'kill', environment: 'production' });
      const runId = new URL(to, studio.url).pathname.split('/').at(-1)!;
      const { step, hash } = await db.planned(runId);
      const click = performance.now();
      const heard = fleets.map((fleet) => offTimes(fleet, flag, click));
      await postForm(studio.url, paths.run(runId), cookie, {
        ...{ intent: 'confirm', step, hash, reason: 'measured', acknowledged: 'yes' },
      });
      const [fast, slow] = await Promise.all(heard);
      ours.push(quantile(fast!, 0.99));
      theirs.push(quantile(slow!, 0.99));
    }
    const [mine, reference] = [median(ours), median(theirs)];
    const figure = (work: string, value: number, interval: number): Figure => ({
      ...{ id: 'P3', work, unit: 'ms', ours: value, reach: `< ${interval / 1000} s + 1.5 s` },
      reference: interval === often ? { what: 'the same SDKs asking every 15 s', value: reference } : null,
      within: value < interval + 1_500,
    });
    return [
      figure(`click to ${instances} SDKs answering off, p99, no relay, asking every ${often / 1000} s`, mine, often),
      figure('the same, asking every 15 s as they come', reference, usual),
    ];
  } finally {
    for (const sdk of fleets.flat()) sdk.destroy();
    await db.close();
  }
}

/** On for everybody, whatever share the studio had given it: the answers of instances that know no user must agree. */
async function turnOn({ world }: BenchStudio, flag: string): Promise<void> {
  const path = `/api/admin/projects/default/features/${flag}/environments/production`;
  const headers = { authorization: world.unleash.adminToken, 'content-type': 'application/json' };
  const everyone = { rollout: '100', stickiness: 'default', groupId: flag };
  const post = async (below: string, body?: object) => {
    const init = { method: 'POST', headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    const response = await fetch(world.unleash.url + path + below, init);
    if (!response.ok) throw new Error(`Unleash answered ${response.status} to ${path}${below}.`);
    await response.arrayBuffer();
  };
  await post('/strategies', { name: 'flexibleRollout', parameters: everyone, constraints: [] });
  await post('/on');
}

/** Instances whose polls are spread over the interval, as those of real services are. They report nothing. */
async function startFleet({ world }: BenchStudio, refreshInterval: number): Promise<Unleash[]> {
  const fleet: Unleash[] = [];
  for (let index = 0; index < instances; index++) {
    const sdk = new Unleash({
      ...{ url: `${world.unleash.url}/api`, appName: 'bench', instanceId: `bench-${refreshInterval}-${index}` },
      ...{ environment: 'production', refreshInterval, disableMetrics: true, skipInstanceCountWarning: true },
      customHeaders: { Authorization: world.unleash.clientToken },
      storageProvider: new InMemStorageProvider(),
    });
    sdk.on('error', () => undefined);
    fleet.push(sdk);
    await new Promise((resolve) => setTimeout(resolve, refreshInterval / instances));
  }
  return fleet;
}

/** Ms from the click until each instance answers off. */
async function offTimes(fleet: readonly Unleash[], flag: string, click: number): Promise<number[]> {
  const times = new Map<Unleash, number>();
  await until(
    `all instances answer off for ${flag}`,
    async () => {
      for (const sdk of fleet) if (!times.has(sdk) && !sdk.isEnabled(flag)) times.set(sdk, performance.now() - click);
      return times.size === fleet.length || null;
    },
    lookEvery,
  );
  return [...times.values()];
}
