import { setImmediate } from 'node:timers/promises';
import { heldTier } from '../../domain/alert/held-tier.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { SuspectList } from '../../domain/change/change.ts';
import { evaluateSlo } from '../../domain/slo/evaluate.ts';
import type { SloEvaluation } from '../../domain/slo/evaluation.ts';
import { findOnset } from '../../domain/slo/onset.ts';
import { minuteMs } from '../../domain/slo/series.ts';
import { sliceStart } from '../../domain/slo/slices.ts';
import type { Slo, Tier } from '../../domain/slo/slo.ts';
import { isBlind } from '../../domain/slo/source-state.ts';
import { vanishedFrom } from '../../domain/slo/traffic.ts';
import { incidentTitle, pageSummary } from '../../domain/slo/words.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { Metrics } from '../../platform/metrics.ts';
import type { Notify } from '../../platform/notify.server.ts';
import { openTiers } from '../../stores/incident/alerts.server.ts';
import type { SloWriter } from '../../stores/slo/slo-writer.server.ts';
import type { AlertVerdict } from '../incidents/verdict.ts';
import type { Task } from '../loop.server.ts';
import type { Collector } from './collector.server.ts';
import type { Share } from './share.server.ts';

/** After a pause the missed minutes are evaluated one by one, in order, but not further back than this. */
const mostMissedMinutes = 120;
/** A page is not held up longer than this (wall) for the name of the likeliest change. */
const suspectsDeadlineMs = 5_000;

/** An SLO and the stretch to be evaluated, (after, to] in ms. */
interface Due {
  slo: Slo;
  after: number;
  to: number;
}

interface Found {
  slo: Slo;
  evaluation: SloEvaluation;
  onset: number | null;
}

/** SLOs that are evaluated before others get their turn: a page must not wait for ten thousand of them. */
const evaluatedAtOnce = 500;

/**
 * One cycle over this process's share: read what is new, evaluate every minute since the last cycle at its pinned time, apply
 * what the alerts make of it. Several processes may run it: what is written is fenced by the share, and a minute that somebody
 * has evaluated already has no effect a second time.
 */
export function evaluateTask(deps: {
  db: Db;
  clock: Clock;
  catalog: () => Promise<Catalog | null>;
  collector: Collector;
  slos: Pick<SloWriter, 'evaluatedTo' | 'saveStates' | 'saveSources'>;
  share: Pick<Share, 'settle' | 'fenced' | 'evaluated'>;
  metrics: Metrics;
  notify: Notify;
  /** Weighs the changes before a first page, so that it can name the likeliest. */
  suspects: (slo: Slo, onset: number | null) => Promise<SuspectList | null>;
  apply: (tx: Tx, verdicts: AlertVerdict[]) => Promise<unknown>;
}): Task {
  const evaluatedTo = new Map<string, number>();
  const dataTo = new Map<string, number>();
  const isUnloaded = (id: string) => deps.collector.series(id) === null && deps.collector.source(id).error !== null;

  /** The SLOs that are ours now and could be loaded, each with where its evaluation stands and how far it may reach. */
  async function dueOf(catalog: Catalog, now: number): Promise<Due[]> {
    const ours = catalog.slos.filter(({ id }) => deps.collector.series(id) !== null);
    const ids = new Set(ours.map(({ id }) => id));
    for (const id of evaluatedTo.keys()) {
      if (ids.has(id)) continue;
      evaluatedTo.delete(id);
      dataTo.delete(id);
      deps.metrics.dataAge.remove({ slo: id });
    }
    const unknown = catalog.slos
      .map(({ id }) => id)
      .filter((id) => !evaluatedTo.has(id) && (ids.has(id) || isUnloaded(id)));
    const stored: Awaited<ReturnType<SloWriter['evaluatedTo']>> =
      unknown.length > 0 ? await deps.slos.evaluatedTo(unknown) : new Map();
    for (const [id, { source }] of stored) deps.collector.recall(id, source);
    return ours.map((slo) => {
      const to = endOf(slo, now);
      const last = evaluatedTo.get(slo.id) ?? stored.get(slo.id)?.at ?? to - minuteMs;
      return { slo, after: Math.max(last, to - mostMissedMinutes * minuteMs), to };
    });
  }

  /** Where an SLO's evaluation may reach: all points of a minute are due `settle` after it, as long as points come at all. */
  function endOf(slo: Slo, now: number): number {
    const { silentFrom } = deps.collector.source(slo.id);
    const holds = silentFrom !== null && !isBlind(silentFrom, slo.settle, now);
    return Math.floor(((holds ? silentFrom : now) - slo.settle) / minuteMs) * minuteMs;
  }

  function evaluate(catalog: Catalog, slo: Slo, at: number): Found | null {
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
    return { slo, evaluation, onset: began === null || vanished ? began : sliceStart(slo, began) };
  }

  async function evaluateAll(catalog: Catalog, slos: readonly Slo[], at: number): Promise<Found[]> {
    const found: Found[] = [];
    for (const [index, slo] of slos.entries()) {
      if (index % evaluatedAtOnce === evaluatedAtOnce - 1) await setImmediate();
      const one = evaluate(catalog, slo, at);
      if (one) found.push(one);
    }
    return found;
  }

  async function suspectsInTime(slo: Slo, onset: number | null): Promise<SuspectList | null> {
    const late = new Promise<null>((resolve) => setTimeout(resolve, suspectsDeadlineMs, null).unref());
    return Promise.race([deps.suspects(slo, onset).catch(() => null), late]);
  }

  async function verdictOf(catalog: Catalog, { slo, evaluation, onset }: Found, open: Tier | null) {
    const profile = catalog.profiles[slo.id];
    const tier = profile && heldTier(open, evaluation, profile);
    // It says nothing (stale, blind, impossible data), or nothing new: nothing opens or clears.
    if (tier === undefined || (tier === null && open === null)) return [];
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

  /** Evaluates one minute of these SLOs and writes it with what it makes of their alerts, in one transaction. */
  async function pass(catalog: Catalog, slos: readonly Slo[], at: number, now: number): Promise<void> {
    const found = await evaluateAll(catalog, slos, at);
    for (const { evaluation } of found) if (evaluation.dataTo !== null) dataTo.set(evaluation.slo, evaluation.dataTo);
    if (found.length === 0) return;
    const open = await openTiers(
      deps.db,
      found.map(({ slo }) => slo.id),
    );
    const verdicts = (
      await Promise.all(found.map((one) => verdictOf(catalog, one, open.get(one.slo.id) ?? null)))
    ).flat();
    await deps.share.fenced(async (tx) => {
      const states = found.map(({ slo, evaluation }) => ({
        evaluation,
        service: slo.service,
        source: deps.collector.source(slo.id),
        lookedAt: now,
      }));
      const moved = await deps.slos.saveStates(states, tx);
      await deps.apply(
        tx,
        verdicts.filter(({ slo }) => moved.has(slo.id)),
      );
    });
  }

  return {
    name: 'evaluate-slos',
    everyMs: 15_000,
    async run(signal) {
      const catalog = await deps.catalog();
      if (!catalog) return;
      const isOurs = await deps.share.settle();
      const now = deps.clock.now();
      await deps.collector.collect(catalog, now, signal, isOurs);
      if (signal.aborted) return;
      const due = await dueOf(catalog, now);
      const first = due.reduce((least, { after }) => Math.min(least, after), Number.POSITIVE_INFINITY) + minuteMs;
      const last = due.reduce((most, { to }) => Math.max(most, to), Number.NEGATIVE_INFINITY);
      let moved = false;
      // Minute by minute over all SLOs, so that incidents join and open in the order in which things happened.
      for (let at = first; at <= last && !signal.aborted; at += minuteMs) {
        const slos = due.flatMap(({ slo, after, to }) => (at > after && at <= to ? [slo] : []));
        await pass(catalog, slos, at, now);
        for (const { id } of slos) evaluatedTo.set(id, at);
        moved ||= slos.length > 0;
      }
      const unloaded = catalog.slos.filter(({ id }) => isUnloaded(id));
      const unwell = [...due.map(({ slo }) => slo), ...unloaded]
        .map(({ id }) => ({ slo: id, source: deps.collector.source(id) }))
        .filter(({ source: { error, silentFrom } }) => error !== null || silentFrom !== null);
      if (unwell.length > 0) await deps.share.fenced((tx) => deps.slos.saveSources(unwell, now, tx));
      for (const [slo, to] of dataTo) deps.metrics.dataAge.set({ slo }, (now - to) / 1000);
      if (moved) await deps.notify('slos');
      if (!signal.aborted) await deps.share.evaluated(now, deps.collector.unloaded());
    },
  };
}
