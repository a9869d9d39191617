import type { Slo } from '#app/domain/slo/slo.ts';
import { latencyBounds } from './minute-record.ts';
import { hash, sequence, uniform } from './random.ts';
import type { LiveService } from './seams.ts';

/** A route of a service and its share of the requests. */
export interface Route {
  method: string;
  path: string;
  share: number;
}

/** How a service behaves when nothing is wrong with it; the same for the same seed. */
export interface ServiceProfile {
  service: LiveService;
  /** Mean requests per minute over a week. */
  perMinute: number;
  /** Share of requests that fail with a server error on an ordinary day. */
  errorShare: number;
  /** Share of ordinary requests per latency bucket. */
  latencyShares: number[];
  /** The same for requests that a harm slows down: about five times as long. */
  slowShares: number[];
  routes: Route[];
  /** People whose requests arrive; flags are evaluated for them. */
  users: number;
  /** Smallest error budgets of its SLOs, as shares of requests. */
  errorBudget: number;
  slowBudget: number;
}

const knownRoutes: Record<string, [string, string, number][]> = {
  voiceover: [
    ['POST', '/v1/synthesize', 0.82],
    ['GET', '/v1/voices', 0.13],
    ['GET', '/v1/takes', 0.05],
  ],
  'studio-api': [
    ['GET', '/v1/projects', 0.4],
    ['GET', '/v1/timeline', 0.3],
    ['PATCH', '/v1/timeline', 0.2],
    ['POST', '/v1/scenes', 0.1],
  ],
  'render-worker': [
    ['POST', '/v1/frames', 0.9],
    ['GET', '/v1/jobs', 0.1],
  ],
};

/** The profile of a live service, fitted to its SLOs so that an ordinary month spends about a fifth of each budget. */
export function makeProfile(seed: string, service: LiveService, slos: Slo[]): ServiceProfile {
  const own = slos.filter((slo) => slo.service === service.id);
  const errorBudget = Math.min(
    ...own.filter((slo) => slo.indicator.kind !== 'latency').map((s) => 1 - s.objective),
    0.05,
  );
  const latency = own.filter((slo) => slo.indicator.kind === 'latency');
  const slowBudget = Math.min(...latency.map((slo) => 1 - slo.objective), 0.05);
  const limit = Math.min(...latency.map((s) => (s.indicator.kind === 'latency' && s.indicator.source.max) || 500), 500);
  const pace = 0.12 + 0.1 * uniform(seed, service.id, 'pace');
  const median = limit / Math.exp(spread * normalQuantile(1 - pace * slowBudget));
  const next = sequence(seed, service.id, 'profile');
  return {
    service,
    perMinute: Math.round(650 + 700 * next()),
    errorShare: pace * errorBudget,
    latencyShares: logNormalShares(median),
    slowShares: logNormalShares(median * 5),
    routes: routesOf(service.id),
    users: 1500 + (hash(seed, service.id, 'users') % 1500),
    errorBudget,
    slowBudget,
  };
}

function routesOf(id: string): Route[] {
  const rows = knownRoutes[id] ?? [
    ['GET', `/v1/${id}`, 0.7],
    ['POST', `/v1/${id}`, 0.3],
  ];
  return (rows as [string, string, number][]).map(([method, path, share]) => ({ method, path, share }));
}

const spread = 0.55;

/** Share of a log-normal latency with `median` ms in each bucket. */
function logNormalShares(median: number): number[] {
  let below = 0;
  const shares = latencyBounds.map((bound) => {
    const cumulative = normalCdf(Math.log(bound / median) / spread);
    const share = cumulative - below;
    below = cumulative;
    return share;
  });
  return [...shares, 1 - below];
}

// Abramowitz and Stegun 7.1.26: good to 1.5e-7, ample for shares of requests.
function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const tail =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-z * z);
  return x >= 0 ? 1 - tail / 2 : tail / 2;
}

function normalQuantile(p: number): number {
  let low = -8;
  let high = 8;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

/** Expected requests in a minute: quiet nights and weekends, busiest in the European afternoon. */
export function expectedRequests(profile: Pick<ServiceProfile, 'perMinute'>, minute: number): number {
  const hour = (((minute / 60 + 1) % 24) + 24) % 24;
  const day = Math.floor((minute / 60 + 1) / 24 + 4) % 7;
  const daily = 1 + 0.38 * Math.cos(((hour - 15.5) / 24) * 2 * Math.PI);
  const weekly = day === 0 || day === 6 ? 0.72 : 1.11;
  return profile.perMinute * daily * weekly;
}
