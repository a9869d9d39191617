import type { MonitoringRead } from '../clients/cloud-monitoring/port.ts';
import { parseDuration } from '../domain/runbook/durations.ts';
import { type HoldVerdict, judgeHold, type RevisionPoint } from '../domain/slo/hold.ts';
import type { Indicator, Slo } from '../domain/slo/slo.ts';
import type { ActionContext, Held } from './action.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const revisionPath = 'resource.label.revision_name';
/** Requests to the first share under which a person judges instead. */
const leastRequests = 50;
const defaultHold = 2 * minuteMs;
/** Points become visible this late; used where no SLO says otherwise. */
const defaultSettle = 240_000;
/** Data ms between looks. */
const lookEvery = 10_000;
const verdicts: Record<HoldVerdict, Held['verdict']> = { waiting: 'wait', good: 'go', bad: 'worse', unjudged: 'ask' };

/** The first move of a rollback, as remembered between looks. */
export interface FirstMove {
  revision: string;
  percent: number;
  movedAt: number;
}

/** Judges the first share by complete minutes of data, per revision, on points as they come in. */
export async function holdTraffic(
  monitoring: MonitoringRead,
  context: ActionContext,
  service: string,
  first: FirstMove,
): Promise<Omit<Held, 'progress'>> {
  const { revision, percent, movedAt: effectAt } = first;
  const now = context.now();
  const holdMs = parseDuration(String(context.input.hold ?? '')) ?? defaultHold;
  const slo = judgingSlo(context, service);
  const share = `${percent} % on ${revision}`;
  if (!slo) {
    const until = Math.ceil(effectAt / minuteMs) * minuteMs + holdMs + defaultSettle;
    return now >= until
      ? held('ask', `${share}: no SLO of ${service} counts requests, so nothing could be judged.`)
      : held('wait', `${share}: no SLO of ${service} counts requests.`);
  }
  const to = Math.floor(now / minuteMs) * minuteMs;
  const from = Math.floor((effectAt - hourMs) / minuteMs) * minuteMs;
  const { verdict, text } = judgeHold({
    points: await pointsByRevision(monitoring, slo.indicator, from, to, context.signal),
    revision,
    share: percent / 100,
    effectAt,
    holdMs,
    settleMs: slo.settle,
    now,
    objective: slo.objective,
    minRequests: leastRequests,
  });
  return held(verdicts[verdict], `${share}: ${text}`);
}

function held(verdict: Held['verdict'], text: string): Omit<Held, 'progress'> {
  return { verdict, text, lookIn: lookEvery };
}

type Counted = Slo & { indicator: Extract<Indicator, { kind: 'ratio' | 'good-ratio' }> };

/** The SLO that the step is verified by, when it counts requests, else one of the service that does. */
function judgingSlo(context: ActionContext, service: string): Counted | null {
  // Only Cloud Monitoring counts by the names of Cloud Run's revisions.
  const counts = ({ indicator }: Slo): boolean => indicator.kind === 'ratio' || indicator.kind === 'good-ratio';
  const all = context.catalog.slos.filter((slo): slo is Counted => counts(slo));
  return all.find((slo) => slo.id === context.step.verify?.slo) ?? all.find((slo) => slo.service === service) ?? null;
}

async function pointsByRevision(
  monitoring: MonitoringRead,
  indicator: Counted['indicator'],
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<RevisionPoint[]> {
  const query = { from, to, signal, periodSeconds: 60, groupBy: [revisionPath] };
  const other = indicator.kind === 'ratio' ? indicator.bad : indicator.good;
  const [total, counted] = await Promise.all([
    monitoring.counts({ ...indicator.total, ...query }),
    monitoring.counts({ ...other, ...query }),
  ]);
  const points = new Map<string, RevisionPoint>();
  const pointAt = (revision: string, end: number) => {
    const key = `${revision} ${end}`;
    const point = points.get(key) ?? { revision, at: end - minuteMs, bad: 0, total: 0 };
    points.set(key, point);
    return point;
  };
  const each = (series: typeof total, take: (point: RevisionPoint, value: number) => void) => {
    for (const { labels, points } of series)
      for (const { end, value } of points) take(pointAt(labels.revision_name ?? '', end), value);
  };
  each(total, (point, value) => {
    point.total += value;
    if (indicator.kind === 'good-ratio') point.bad += value;
  });
  each(counted, (point, value) => {
    point.bad = Math.max(0, point.bad + (indicator.kind === 'ratio' ? value : -value));
  });
  return [...points.values()];
}
