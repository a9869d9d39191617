import type { Series } from '../../clients/cloud-monitoring/port.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { impactSettle } from '../../domain/rollout/impact.ts';
import { impactMinutes } from '../../domain/rollout/impact-minutes.ts';
import type { GuardSource, RolloutGuard } from '../../domain/rollout/plan.ts';
import type { Rollout } from '../../domain/rollout/rollout.ts';
import type { GuardReading } from '../../domain/rollout/verdict.ts';
import { minuteMs } from '../../domain/slo/series.ts';
import { eventObjective, slicesOf } from '../../domain/slo/slices.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { createImpactStore, impactKey } from '../../stores/flag/impact-minutes.server.ts';
import type { RolloutDeps } from './deps.ts';

/** How far before the step a reading begins, ms: a source that was silent already is seen to be. */
const lookBack = 10 * minuteMs;
/** ms that points of Cloud Monitoring take to be complete, where no SLO says otherwise. */
const usualSettle = 240_000;
/** Data ms for which counts that were asked of Cloud Monitoring are used again. */
const fresh = 15_000;

type Range = { from: number; to: number; signal: AbortSignal };
type Minutes = GuardReading['minutes'];

/** Reads what the guards of a stage count since its step. Failures are part of the answer. */
export function createReadings(deps: Pick<RolloutDeps, 'clock' | 'slos' | 'monitoring' | 'observations' | 'db'>) {
  const impact = createImpactStore(deps.db);
  const kept = new Map<string, { at: number; reading: GuardReading }>();

  return async function readGuards(
    catalog: Catalog,
    rollout: Rollout,
    effectAt: number,
    signal: AbortSignal,
  ): Promise<GuardReading[]> {
    const now = deps.clock.now();
    for (const [key, { at }] of kept) if (now - at >= fresh) kept.delete(key);
    const range = { from: Math.floor((effectAt - lookBack) / minuteMs) * minuteMs, to: now, signal };
    return Promise.all(
      rollout.plan.stages[rollout.stage]!.guards.map(async (guard, index) => {
        if (guard.source.kind === 'slo' && guard.judge === 'service')
          return ofService(catalog, guard.source.slo, range);
        if (guard.source.kind === 'impact') return ofImpact(rollout, guard.source, guard.variant ?? null, range);
        const key = `${rollout.id}/${rollout.stage}/${effectAt}/${index}`;
        const reading = kept.get(key)?.reading ?? (await asked(catalog, rollout, guard, range));
        if (!kept.has(key)) kept.set(key, { at: now, reading });
        return reading;
      }),
    );
  };

  async function ofService(catalog: Catalog, id: string, { from, to }: Range): Promise<GuardReading> {
    const slo = catalog.slos.find((one) => one.id === id);
    if (!slo) return gone(id);
    const counted = slicesOf(slo) ? 'events' : 'budget';
    const [state, minutes] = await Promise.all([
      deps.slos.state(id),
      deps.slos.minutes(id, from, to + minuteMs, counted),
    ]);
    return { minutes, settle: slo.settle, objective: eventObjective(slo), error: state?.error ?? null };
  }

  /** What SDKs sent to Unleash, as it was counted here since. */
  async function ofImpact(
    { subject }: Rollout,
    source: Extract<GuardSource, { kind: 'impact' }>,
    variant: string | null,
    { from, to }: Range,
  ): Promise<GuardReading> {
    const base = { settle: impactSettle, objective: 1 - source.under };
    if (subject.kind !== 'flag')
      return { ...base, minutes: [], error: 'Impact metrics are told apart by flags alone.' };
    const watch = { ...subject, metrics: [source.total, source.bad] };
    const [{ error }, rows] = await Promise.all([
      deps.observations.get('unleash', impactKey),
      impact.minutes(watch, from, Math.floor(to / minuteMs) * minuteMs),
    ]);
    const badUnseen = rows.every(({ metric }) => metric !== source.bad);
    return { ...base, minutes: impactMinutes(rows, source, variant), error, badUnseen };
  }

  /** What only Cloud Monitoring can tell: a metric, or those who have the flag or the revision. */
  async function asked(catalog: Catalog, rollout: Rollout, guard: RolloutGuard, range: Range): Promise<GuardReading> {
    const { source } = guard;
    const slo = source.kind === 'slo' ? catalog.slos.find(({ id }) => id === source.slo) : null;
    if (source.kind === 'slo' && !slo) return gone(source.slo);
    const settle = slo?.settle ?? usualSettle;
    const objective = slo ? eventObjective(slo) : source.kind === 'metric' ? 1 - source.under : 1;
    const to = Math.floor(range.to / minuteMs) * minuteMs;
    try {
      const whole = { ...range, to };
      const read = slo
        ? { minutes: await ofCohort(catalog, rollout, slo, guard.variant, whole) }
        : await ofMetric(source, whole);
      return { ...read, settle, objective, error: null };
    } catch (error) {
      return { minutes: [], settle, objective, error: (error as Error).message };
    }
  }

  async function ofMetric(source: GuardSource, range: Range): Promise<Pick<GuardReading, 'minutes' | 'badUnseen'>> {
    if (source.kind !== 'metric') return { minutes: [] };
    const count = (filter: string) =>
      deps.monitoring.counts({ project: source.project, filter, ...range, periodSeconds: 60, groupBy: [] });
    const [total, bad] = await Promise.all([count(source.total), count(source.bad)]);
    const side = (name: Counted['side']) => (one: Series<number>) => ({ points: one.points, side: name, counts: true });
    const minutes = summed([...total.map(side('total')), ...bad.map(side('bad'))]);
    return { minutes, badUnseen: bad.every(({ points }) => points.length === 0) };
  }

  async function ofFlag(
    catalog: Catalog,
    { flag }: Extract<Rollout['subject'], { kind: 'flag' }>,
    variant: string | undefined,
    range: Range,
  ): Promise<Minutes> {
    const declared = catalog.flags.find(({ name }) => name === flag);
    if (!declared?.cohort) throw new Error(`${flag} declares no cohort, so who has it cannot be counted`);
    const labels = ['metric.label.enabled', 'metric.label.response_code_class'];
    const groupBy = variant === undefined ? labels : [...labels, 'metric.label.variant'];
    const series = await deps.monitoring.counts({ ...declared.cohort, ...range, periodSeconds: 60, groupBy });
    const has = series.filter((one) => one.labels.enabled === 'true');
    if (variant !== undefined && has.length > 0 && has.every((one) => !one.labels.variant))
      throw new Error(
        `the cohort of ${flag} is counted without the label "variant", so who has ${variant} is not known`,
      );
    const mine = (side: Counted['side']) => (one: Series<number>) => ({
      points: one.points,
      side,
      counts: one.labels.enabled === 'true' && (variant === undefined || one.labels.variant === variant),
    });
    const bad = series.filter((one) => one.labels.response_code_class === '5xx');
    return summed([...series.map(mine('total')), ...bad.map(mine('bad'))]);
  }

  async function ofCohort(
    catalog: Catalog,
    { subject }: Rollout,
    slo: Slo,
    variant: string | undefined,
    range: Range,
  ): Promise<Minutes> {
    if (subject.kind === 'flag') return ofFlag(catalog, subject, variant, range);
    const { indicator } = slo;
    if (indicator.kind !== 'ratio' && indicator.kind !== 'good-ratio') {
      throw new Error(`${slo.id} does not count requests by revision`);
    }
    const query = { ...range, periodSeconds: 60, groupBy: ['resource.label.revision_name'] };
    const [total, other] = await Promise.all([
      deps.monitoring.counts({ ...indicator.total, ...query }),
      deps.monitoring.counts({ ...(indicator.kind === 'ratio' ? indicator.bad : indicator.good), ...query }),
    ]);
    const mine = (side: Counted['side']) => (one: Series<number>) => ({
      points: one.points,
      side,
      counts: one.labels.revision_name === subject.revision,
    });
    return summed([...total.map(mine('total')), ...other.map(mine(indicator.kind === 'ratio' ? 'bad' : 'good'))]);
  }
}

interface Counted {
  points: { end: number; value: number }[];
  side: 'total' | 'bad' | 'good';
  /** False for those who are not judged: their points say only that the source lives. */
  counts: boolean;
}

/** One minute wherever any series has a point: where the source lives, no point means no request. */
function summed(series: readonly Counted[]): Minutes {
  const minutes = new Map<number, { at: number; bad: number; total: number; good: number }>();
  for (const { points, side, counts } of series) {
    for (const { end, value } of points) {
      const minute = minutes.get(end) ?? { at: end, bad: 0, total: 0, good: 0 };
      if (counts) minute[side] += value;
      minutes.set(end, minute);
    }
  }
  const byGood = series.some(({ side }) => side === 'good');
  return [...minutes.values()].map(({ at, bad, total, good }) => ({ at, total, bad: byGood ? total - good : bad }));
}

function gone(id: string): GuardReading {
  return { minutes: [], settle: 0, objective: 0, error: `There is no SLO ${id} in the catalog any more.` };
}
