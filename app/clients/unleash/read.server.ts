import type { FlagState } from '../../domain/flag/flag.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Resilience } from '../../platform/resilience.ts';
import { createEventFeed } from './event-feed.ts';
import { createFlagCache } from './flag-cache.ts';
import { featurePath, type UnleashAddress, unleashRequest } from './http.server.ts';
import { createPollMeter } from './poll-meter.ts';
import type { ServedDocument, UnleashEvent, UnleashRead } from './port.ts';
import { createSdkVersions } from './sdk-versions.ts';
import { applicationsIn, toFleet, toUsage } from './usage.ts';
import {
  newest,
  toEvent,
  toFlagState,
  wireArchived,
  wireEvents,
  wireFeature,
  wireFeatureList,
  wireInstances,
  wireRawMetrics,
  wireServed,
} from './wire.ts';

const newsPage = 50;
const feedPage = 1000;
/** An Unleash of many years is not read from its first day: this many events back is enough for "what changed". */
const feedMost = 5000;
const detailsAtOnce = 8;
const archivedPage = 100;
const meteredEveryMs = 15_000;
/** The version of the SDKs' protocol from which on segments come beside the features, with their names. */
const segmentsApart = { 'unleash-client-spec': '5.2.0' };

/** Reads of Unleash over HTTP, each through the system's policy. Keeps what it has read, so one per process is best. */
export function createUnleashRead(options: {
  address: UnleashAddress;
  resilience: Resilience;
  clock: Clock;
}): UnleashRead {
  const { address, resilience, clock } = options;
  const cache = createFlagCache(newsPage);
  const feed = createEventFeed();
  const servedLast = new Map<string, { etag: string; value: ServedDocument }>();
  const meter = createPollMeter();
  const versions = createSdkVersions();
  let meteredAt = Number.NEGATIVE_INFINITY;

  const admin = (path: string, signal?: AbortSignal): Promise<unknown> =>
    resilience.read(async (inner) => {
      const response = await unleashRequest(`${address.baseUrl}/api/admin${path}`, address.adminToken, {
        signal: inner,
      });
      return response.json();
    }, signal);

  async function eventPage(limit: number, offset: number, signal?: AbortSignal): Promise<UnleashEvent[]> {
    const body = await admin(`/search/events?limit=${limit}&offset=${offset}`, signal);
    return wireEvents.parse(body).events.map(toEvent);
  }

  async function flag(name: string, signal?: AbortSignal): Promise<FlagState> {
    return toFlagState(wireFeature.parse(await admin(featurePath(name), signal)));
  }

  /** Reads Unleash's own metrics now and then; where they are switched off or not let through, intervals stay unknown. */
  async function metered(signal?: AbortSignal): Promise<void> {
    if (clock.wall() - meteredAt < meteredEveryMs) return;
    meteredAt = clock.wall();
    const text = await resilience
      .read(async (inner) => {
        const url = `${address.baseUrl}/internal-backstage/prometheus`;
        const response = await unleashRequest(url, address.adminToken, { signal: inner, accept: [401, 403, 404] });
        return response.ok ? response.text() : '';
      }, signal)
      .catch(() => '');
    if (text !== '') meter.add(text, clock.wall(), clock.speed());
  }

  async function instancesOf(application: string, environment: string, signal?: AbortSignal) {
    const of = `/metrics/instances/${encodeURIComponent(application)}/environment/${encodeURIComponent(environment)}`;
    const { instances } = wireInstances.parse(await admin(of, signal));
    return { instances: versions.complete(application, environment, instances) };
  }

  return {
    flag,

    async flags(signal) {
      // The meter needs readings from before anybody asks; it must not hold up the flags.
      void metered();
      // Events first: a change after them is then in the listing and the details, and is news again next time.
      const news = await eventPage(newsPage, 0, signal);
      const { features } = wireFeatureList.parse(await admin('/projects/default/features', signal));
      cache.learn(news);
      const missing = features.filter((feature) => !cache.get(feature.name));
      for (let i = 0; i < missing.length; i += detailsAtOnce) {
        const part = missing.slice(i, i + detailsAtOnce);
        const details = await Promise.allSettled(part.map((feature) => flag(feature.name, signal)));
        for (const detail of details) {
          if (detail.status === 'fulfilled') cache.put(detail.value);
          // Archived between the listing and here: it is simply not there.
          else if ((detail.reason as { code?: string }).code !== 'not_found') throw detail.reason;
        }
      }
      return features.flatMap((feature) => {
        const known = cache.get(feature.name);
        const lastSeenAt = newest(feature.environments.map((environment) => environment.lastSeenAt ?? null));
        return known ? [{ ...known, lastSeenAt: newest([known.lastSeenAt, lastSeenAt]) }] : [];
      });
    },

    async archived(signal) {
      const found: FlagState[] = [];
      for (let total = 1; found.length < total; ) {
        const path = `/search/features?archived=IS:true&limit=${archivedPage}&offset=${found.length}`;
        const page = wireArchived.parse(await admin(path, signal));
        if (page.features.length === 0) break;
        found.push(...page.features.map((feature) => toFlagState({ ...feature, archived: true, environments: [] })));
        total = page.total;
      }
      return found;
    },

    async events(since, signal) {
      const floor = feed.floor(since);
      const all = await eventPage(newsPage, 0, signal);
      for (let got = all; got.length > 0 && got.at(-1)!.id > floor + 1 && all.length < feedMost; ) {
        got = await eventPage(feedPage, all.length, signal);
        all.push(...got);
      }
      return feed.take(since, [...new Map(all.map((event) => [event.id, event])).values()]);
    },

    async usage(name, environment, signal) {
      const path = `/client-metrics/features/${encodeURIComponent(name)}/raw?hoursBack=24`;
      const metrics = wireRawMetrics.parse(await admin(path, signal));
      const names = applicationsIn(metrics, environment);
      const instances = await Promise.all(
        names.map(async (application) => [application, await instancesOf(application, environment, signal)] as const),
      );
      if (names.length > 0) await metered(signal);
      return toUsage({ metrics, instances: Object.fromEntries(instances), meter, environment, wallNow: clock.wall() });
    },

    async hours(name, signal) {
      const path = `/client-metrics/features/${encodeURIComponent(name)}/raw?hoursBack=48`;
      return wireRawMetrics.parse(await admin(path, signal)).data.map((row) => ({
        application: row.appName,
        environment: row.environment,
        hour: row.timestamp,
        yes: row.yes,
        no: row.no,
        variants: row.variants ?? {},
      }));
    },

    async fleet(application, environment, signal) {
      const { instances } = await instancesOf(application, environment, signal);
      await metered(signal);
      return toFleet({ application, environment, instances, meter, wallNow: clock.wall() });
    },

    async served(environment, signal) {
      const token = address.clientTokens[environment];
      if (!token) throw new Error(`No client token for the environment ${environment}`);
      const last = servedLast.get(environment);
      return resilience.read(async (inner) => {
        const response = await unleashRequest(`${address.baseUrl}/api/client/features`, token, {
          headers: last ? { ...segmentsApart, 'if-none-match': last.etag } : segmentsApart,
          accept: [304],
          signal: inner,
        });
        if (response.status === 304 && last) return last.value;
        const body = wireServed.parse(await response.json());
        const value = { revision: body.meta.revisionId, features: body.features, segments: body.segments ?? [] };
        const etag = response.headers.get('etag');
        if (etag) servedLast.set(environment, { etag, value });
        return value;
      }, signal);
    },
  };
}
