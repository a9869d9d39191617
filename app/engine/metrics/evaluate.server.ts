import { heldTier } from '../../domain/alert/held-tier.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { SuspectList } from '../../domain/change/change.ts';
import { evaluateSlo } from '../../domain/slo/evaluate.ts';
import type { SloEvaluation } from '../../domain/slo/evaluation.ts';
import { findOnset } from '../../domain/slo/onset.ts';
import { minuteMs } from '../../domain/slo/series.ts';
import { sliceStart } from '../../domain/slo/slices.ts';
import type { Slo, Tier } from '../../domain/slo/slo.ts';
import { vanishedFrom } from '../../domain/slo/traffic.ts';
import { incidentTitle, pageSummary } from '../../domain/slo/words.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { Metrics } from '../../platform/metrics.ts';
import type { Notify } from '../../platform/notify.server.ts';
import { latestAlerts } from '../../stores/alerts.server.ts';
import type { SloWriter } from '../../stores/slos.server.ts';
import type { SloStore } from '../../stores/stores.ts';
import type { AlertVerdict } from '../incidents/verdict.ts';
import type { Task } from '../loop.server.ts';
import { type Collector, isBlind } from './collector.server.ts';

/** After a pause the missed minutes are evaluated one by one, in order, but not further back than this. */
const mostMissedMinutes = 120;
/** A page is not held up longer than this (wall) for the name of the likeliest change. */
const suspectsDeadlineMs = 5_000;

interface Found {
  slo: Slo;
  evaluation: SloEvaluation;
  onset: number | null;
}

/** One cycle: read what is new, evaluate every minute since the last cycle at its pinned time, apply what the alerts make of it. */
export function evaluateTask(deps: {
  db: Db;
  clock: Clock;
  catalog: () => Promise<Catalog | null>;
  collector: Collector;
  slos: SloStore & SloWriter;
  metrics: Metrics;
  notify: Notify;
  /** Weighs the changes before a first page, so that it can name the likeliest. */
  suspects: (slo: Slo, onset: number | null) => Promise<SuspectList | null>;
  apply: (tx: Tx, verdicts: AlertVerdict[]) => Promise<unknown>;
  /** Pinged after every cycle, so that an outside check misses us; null where there is none. */
  deadmanUrl: string | null;
}): Task {
  const evaluatedTo = new Map<string, number>();

  async function startOf(slo: Slo, at: number): Promise<number> {
    const last = evaluatedTo.get(slo.id) ?? (await deps.slos.state(slo.id))?.at ?? at - minuteMs;
    return Math.max(last, at - mostMissedMinutes * minuteMs);
  }

  /** Where an SLO's evaluation may reach: all points of a minute are due `settle` after it, as long as points come at all. */
  function endOf(slo: Slo, now: number): number {
    const { silentFrom } = deps.collector.source(slo.id);
    const holds = silentFrom !== null && !isBlind(silentFrom, slo.settle, now);
    return Math.floor(((holds ? silentFrom : now) - slo.settle) / minuteMs) * minuteMs;
  }

  function evaluate(
    catalog: Catalog,
    slo: Slo,
    at: number,
  ): { evaluation: SloEvaluation; onset: number | null } | null {
    const series = deps.collector.series(slo.id);
    const profile = catalog.profiles[slo.id];
    const events = deps.collector.events(slo.id);
    if (!series || !events || !profile) return null;
    const source = deps.collector.source(slo.id);
    const stale = source.error && source.errorAt !== null ? { error: source.error, since: source.errorAt } : null;
    const evaluation = evaluateSlo({ slo, profile, series, events, at, stale });
    const vanished = evaluation.condition === 'traffic-vanished';
    const began = vanished
      ? vanishedFrom(events, evaluation.at / minuteMs)
      : findOnset(series, slo.objective, evaluation.at);
    return { evaluation, onset: began === null || vanished ? began : sliceStart(slo, began) };
  }

  async function suspectsInTime(slo: Slo, onset: number | null): Promise<SuspectList | null> {
    const late = new Promise<null>((resolve) => setTimeout(resolve, suspectsDeadlineMs, null).unref());
    return Promise.race([deps.suspects(slo, onset).catch(() => null), late]);
  }

  async function verdictOf(catalog: Catalog, { slo, evaluation, onset }: Found, open: Tier | null) {
    const profile = catalog.profiles[slo.id];
    const tier = profile && heldTier(open, evaluation, profile);
    // The evaluation says nothing (stale, blind, impossible data): nothing opens or clears.
    if (tier === undefined) return [];
    const list = tier ? await suspectsInTime(slo, onset) : null;
    const likeliest = list?.suspects.find(({ evidence }) => evidence === 'strong' || evidence === 'some') ?? null;
    const verdict: AlertVerdict = {
      slo,
      at: evaluation.at,
      tier,
      startedAt: onset,
      title: incidentTitle(slo, evaluation),
      vanished: evaluation.condition === 'traffic-vanished',
      summary: pageSummary(slo, evaluation, likeliest?.change.title ?? null),
      details: {
        burn_5m: evaluation.windows['5m'].burn,
        burn_1h: evaluation.windows['1h'].burn,
        bad_5m: evaluation.windows['5m'].bad,
        total_5m: evaluation.windows['5m'].total,
        budget_remaining: evaluation.period.budgetRemaining,
        likeliest_change: likeliest?.change.title ?? null,
      },
    };
    return [verdict];
  }

  return {
    name: 'evaluate-slos',
    everyMs: 15_000,
    async run(signal) {
      const catalog = await deps.catalog();
      if (!catalog) return;
      const now = deps.clock.now();
      await deps.collector.collect(catalog, now, signal);
      if (signal.aborted) return;
      const ends = catalog.slos.map((slo) => endOf(slo, now));
      const starts = await Promise.all(catalog.slos.map((slo, index) => startOf(slo, ends[index] as number)));
      const first = Math.min(...starts) + minuteMs;
      const last = Math.max(...ends);
      let moved = false;
      // Minute by minute over all SLOs, so that incidents join and open in the order in which things happened.
      for (let at = first; at <= last && !signal.aborted; at += minuteMs) {
        const due = catalog.slos.filter((_, index) => at > (starts[index] as number) && at <= (ends[index] as number));
        const found = due.flatMap((slo) => {
          const one = evaluate(catalog, slo, at);
          return one ? [{ slo, ...one }] : [];
        });
        const latest = await latestAlerts(
          deps.db,
          found.map(({ slo }) => slo.id),
        );
        const verdicts = await Promise.all(
          found.map((one) => {
            const alert = latest.get(one.slo.id);
            return verdictOf(catalog, one, alert && alert.clearedAt === null ? alert.tier : null);
          }),
        );
        await deps.db.transaction().execute(async (tx) => {
          for (const { slo, evaluation } of found) {
            const { readAt } = deps.collector.source(slo.id);
            await deps.slos.saveState({ evaluation, service: slo.service, readAt }, tx);
          }
          await deps.apply(tx, verdicts.flat());
        });
        for (const slo of due) evaluatedTo.set(slo.id, at);
        moved ||= found.length > 0;
      }
      for (const slo of catalog.slos) {
        const source = deps.collector.source(slo.id);
        if (source.error) await deps.slos.saveFailure(slo.id, source.error, source.errorAt ?? now);
        const dataTo = evaluatedTo.get(slo.id);
        if (dataTo) deps.metrics.dataAge.set({ slo: slo.id }, (now - dataTo) / 1000);
      }
      if (moved) await deps.notify('slos');
      if (signal.aborted) return;
      if (deps.deadmanUrl)
        await fetch(deps.deadmanUrl, { method: 'POST', signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    },
  };
}
