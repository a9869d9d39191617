import { prometheusSamples } from './prometheus-text.ts';

/** How far back requests are counted, and the least span that says anything, wall ms. */
const [keptMs, leastMs] = [600_000, 30_000];

/** How often the instances of an application ask for flags, measured from the requests that Unleash counted. */
export interface PollMeter {
  /** One reading of Unleash's Prometheus text; `speed` is data ms per wall ms. While that is 0 no interval can be told. */
  add(text: string, wallNow: number, speed: number): void;
  /**
   * Upper bound of the poll interval in data seconds, `instances` of them asking: Unleash's API does not tell it. Null until
   * enough requests were seen.
   */
  seconds(application: string, instances: number): number | null;
  /** Longest interval between two usage reports that its SDKs registered with, data seconds; null when unknown. */
  reportSeconds(application: string, environment: string): number | null;
}

interface Reading {
  at: number;
  requests: Map<string, number>;
}

/** A meter without readings. Counts that fall (Unleash restarted) or a change of the clock's speed start it anew. */
export function createPollMeter(): PollMeter {
  let readings: Reading[] = [];
  let speedNow = 1;
  let reports = new Map<string, number>();
  return {
    add(text, wallNow, speed) {
      const requests = countRequests(text);
      const last = readings.at(-1);
      const restarted = last && [...last.requests].some(([app, count]) => (requests.get(app) ?? 0) < count);
      if (restarted || speed !== speedNow) readings = [];
      speedNow = speed;
      readings = [...readings.filter(({ at }) => at >= wallNow - keptMs), { at: wallNow, requests }];
      reports = reportIntervals(text);
    },
    seconds(application, instances) {
      const [first, last] = [readings[0], readings.at(-1)];
      if (!first || !last || last.at - first.at < leastMs || instances === 0 || speedNow === 0) return null;
      const asked = (last.requests.get(application) ?? 0) - (first.requests.get(application) ?? 0);
      // Each instance may have asked once more than its interval fits into the span: without those, an upper bound is left.
      if (asked <= instances) return null;
      return (((last.at - first.at) / 1000) * instances * speedNow) / (asked - instances);
    },
    reportSeconds(application, environment) {
      const ms = reports.get(`${application} ${environment}`);
      return ms === undefined || speedNow === 0 ? null : (ms / 1000) * speedNow;
    },
  };
}

function countRequests(text: string): Map<string, number> {
  const requests = new Map<string, number>();
  for (const { labels, value } of prometheusSamples(text, 'http_request_duration_milliseconds_count')) {
    if (labels.path !== '/api/client/features' || labels.method !== 'GET' || !labels.appName) continue;
    requests.set(labels.appName, (requests.get(labels.appName) ?? 0) + value);
  }
  return requests;
}

/** An SDK registers with the interval of its reports (not of its polls), in ms. */
function reportIntervals(text: string): Map<string, number> {
  const longest = new Map<string, number>();
  for (const { labels } of prometheusSamples(text, 'client_registration_total')) {
    const key = `${labels.appName} ${labels.environment}`;
    const ms = Number(labels.interval);
    if (ms > (longest.get(key) ?? 0)) longest.set(key, ms);
  }
  return longest;
}
