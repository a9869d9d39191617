import type { MonitoringRead } from '../clients/cloud-monitoring/port.ts';
import { parseDuration } from '../domain/runbook/durations.ts';
import { countText, durationText } from '../domain/slo/figures.ts';
import type { Indicator, Slo } from '../domain/slo/slo.ts';
import { type Counts, chanceAsHigh } from '../domain/slo/statistics.ts';
import type { ActionContext, Held } from './action.ts';

const minuteMs = 60_000;
const revisionPath = 'resource.label.revision_name';
/** Requests to the first share under which a person judges instead. */
const leastRequests = 50;
/** Chance at which noise may pass for a revision that fails more than the rest. */
const worseChance = 1e-4;
const defaultHold = 2 * minuteMs;
/** Points become visible this late; used where no SLO says otherwise. */
const defaultSettle = 240_000;
/** Data ms between looks. */
const lookEvery = 10_000;

/** The first move of a rollback, as remembered between looks. */
export interface FirstMove {
  revision: string;
  percent: number;
  movedAt: number;
}

/**
 * Judges the first share by complete minutes of data, per revision, on points as they come in. It waits for `hold`
 * minutes of them, at most `hold` and the settling time; it never takes missing data for success.
 */
export async function holdTraffic(
  monitoring: MonitoringRead,
  context: ActionContext,
  service: string,
  first: FirstMove,
): Promise<Omit<Held, 'progress'>> {
  const now = context.now();
  const hold = parseDuration(String(context.input.hold ?? '')) ?? defaultHold;
  const slo = judgingSlo(context, service);
  const settle = slo?.settle ?? defaultSettle;
  const start = Math.ceil(first.movedAt / minuteMs) * minuteMs;
  const late = now >= start + hold + settle;
  const share = `${first.percent} % on ${first.revision}`;
  if (!slo) {
    return late
      ? ask(`${share}: no SLO of ${service} counts requests, so nothing could be judged.`)
      : waiting(share, 0, hold);
  }
  const end = Math.floor(now / minuteMs) * minuteMs;
  const counts = end > start ? await countByRevision(monitoring, slo.indicator, start, end, context.signal) : new Map();
  const mine = counts.get(first.revision) ?? { bad: 0, total: 0, minutes: 0 };
  const others = [...counts].filter(([name]) => name !== first.revision).map(([, one]) => one);
  const rest = { bad: sum(others, 'bad'), total: sum(others, 'total') };
  const said = `${countText(mine.bad)} of ${countText(mine.total)} failed on ${first.revision}, ${countText(rest.bad)} of ${countText(rest.total)} elsewhere`;
  if (isWorse(mine, rest)) {
    return { verdict: 'worse', text: `The first share fails more than the rest: ${said}.`, lookIn: lookEvery };
  }
  if (mine.minutes * minuteMs < hold && !late) return waiting(share, mine.minutes, hold);
  if (mine.total < leastRequests) {
    const why = mine.minutes === 0 ? 'no data of it arrived' : `only ${countText(mine.total)} requests reached it`;
    return ask(`${share} could not be judged: ${why}.`);
  }
  return { verdict: 'go', text: `${said}.`, lookIn: lookEvery };
}

function isWorse(mine: Counts, rest: Counts): boolean {
  if (mine.bad < 5 || mine.total === 0) return false;
  const usual = rest.total > 0 ? rest.bad / rest.total : 0;
  // Without anybody to compare with, half of the requests failing is beyond doubt.
  if (rest.total === 0) return mine.bad / mine.total > 0.5;
  return mine.bad / mine.total > usual * 1.3 && chanceAsHigh(mine, rest) < worseChance;
}

function waiting(share: string, minutes: number, hold: number): Omit<Held, 'progress'> {
  const text = `${share}: ${minutes} of ${Math.ceil(hold / minuteMs)} min of its data are in (${durationText(hold)} asked for).`;
  return { verdict: 'wait', text, lookIn: lookEvery };
}

function ask(text: string): Omit<Held, 'progress'> {
  return { verdict: 'ask', text, lookIn: lookEvery };
}

type Counted = Slo & { indicator: Extract<Indicator, { kind: 'ratio' | 'good-ratio' }> };

/** The SLO that the step is verified by, when it counts requests, else one of the service that does. */
function judgingSlo(context: ActionContext, service: string): Counted | null {
  // Only Cloud Monitoring counts by the names of Cloud Run's revisions.
  const counts = ({ indicator }: Slo): boolean => indicator.kind === 'ratio' || indicator.kind === 'good-ratio';
  const all = context.catalog.slos.filter((slo): slo is Counted => counts(slo));
  return all.find((slo) => slo.id === context.step.verify?.slo) ?? all.find((slo) => slo.service === service) ?? null;
}

async function countByRevision(
  monitoring: MonitoringRead,
  indicator: Counted['indicator'],
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<Map<string, Counts & { minutes: number }>> {
  const query = { from, to, signal, periodSeconds: 60, groupBy: [revisionPath] };
  const other = indicator.kind === 'ratio' ? indicator.bad : indicator.good;
  const [total, counted] = await Promise.all([
    monitoring.counts({ ...indicator.total, ...query }),
    monitoring.counts({ ...other, ...query }),
  ]);
  const found = new Map<string, Counts & { minutes: number }>();
  for (const { labels, points } of total) {
    const all = points.reduce((sum, point) => sum + point.value, 0);
    found.set(labels.revision_name ?? '', {
      bad: indicator.kind === 'ratio' ? 0 : all,
      total: all,
      minutes: points.length,
    });
  }
  for (const { labels, points } of counted) {
    const one = found.get(labels.revision_name ?? '');
    const value = points.reduce((sum, point) => sum + point.value, 0);
    if (one) one.bad += indicator.kind === 'ratio' ? value : -value;
  }
  return found;
}

function sum(all: Counts[], key: keyof Counts): number {
  return all.reduce((total, one) => total + one[key], 0);
}
