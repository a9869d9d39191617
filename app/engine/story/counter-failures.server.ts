import type { PrometheusRead } from '../../clients/prometheus/port.ts';
import type { FailureGroup, Failures } from '../../domain/incident/observed.ts';
import { sidesOf } from '../../domain/openslo/prometheus.ts';
import { bornInside, eachIncrease, minuteOf } from '../../domain/prometheus/increases.ts';
import { type Labels, selects } from '../../domain/prometheus/selector.ts';
import { sharedSelector } from '../../domain/prometheus/shared-selector.ts';
import type { PrometheusIndicator } from '../../domain/slo/prometheus-indicator.ts';

const minuteMs = 60_000;
/** Readings from before the stretch show what grew and what was born in it. */
const before = 10 * minuteMs;

/** How exporters and meshes call what these say. */
const codeLabels = ['code', 'status', 'status_code', 'http_status_code', 'http_response_status_code', 'response_code'];
const revisionLabels = ['revision', 'version', 'app_version', 'service_version'];
const regionLabels = ['region', 'zone', 'cluster'];

/** Bad events of an SLO over Prometheus counters from `from` to the newest reading up to `to`, by code, revision and region where labels name them. */
export async function readCounterFailures(
  prometheus: PrometheusRead,
  indicator: PrometheusIndicator,
  { from, to, signal }: { from: number; to: number; signal?: AbortSignal },
): Promise<Failures> {
  const sides = sidesOf(indicator);
  const { source, url } = indicator;
  if (!sides || source === null || url === null) return { from, to, groups: [] };
  const { total, part, counted } = sides;
  const selectors = total.metric !== null && total.metric === part.metric ? [[total, part]] : [[total], [part]];
  const ask = { source, url, from: from - before, to, signal };
  const answers = await Promise.all(
    selectors.map((some) => prometheus.counters({ ...ask, selector: sharedSelector(some) })),
  );
  const used = answers.flat().map((one) => ({ ...one, created: [] }));
  const born = bornInside(used);
  const groups = new Map<string, FailureGroup>();
  const totals = new Map<string, number>();
  let newest: number | null = null;
  for (const [index, one] of used.entries()) {
    const inTotal = selects(total, one.name, one.labels);
    const inPart = selects(part, one.name, one.labels);
    const bad = counted === 'bad' ? inPart : inTotal && !inPart;
    let grown = 0;
    eachIncrease({ ...one, fromZero: born[index]! }, (minute, growth) => {
      if (minute >= minuteOf(from + 1)) grown += growth;
    });
    if (inTotal) newest = Math.max(newest ?? 0, one.times.at(-1)!);
    const { key, ...where } = placeOf(one.labels);
    if (inTotal) totals.set(key, (totals.get(key) ?? 0) + grown);
    if (!bad || grown <= 0) continue;
    const code = named(one.labels, codeLabels);
    const group = groups.get(`${code} ${key}`) ?? { code, ...where, bad: 0, total: 0 };
    groups.set(`${code} ${key}`, { ...group, bad: group.bad + grown });
  }
  const totalOf = ({ revision, region, bad }: FailureGroup) => totals.get(`${revision} ${region}`) ?? bad;
  return { from, to: newest ?? to, groups: [...groups.values()].map((one) => ({ ...one, total: totalOf(one) })) };
}

function placeOf(labels: Labels): { key: string; revision: string; region: string } {
  const revision = named(labels, revisionLabels);
  const region = named(labels, regionLabels);
  return { key: `${revision} ${region}`, revision, region };
}

function named(labels: Labels, names: readonly string[]): string {
  const found = names.find((name) => Object.hasOwn(labels, name));
  return found === undefined ? '' : labels[found]!;
}
