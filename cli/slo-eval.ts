import { parseArgs } from 'node:util';
import { createReplay } from '#app/domain/alert/replay.ts';
import type { OpenMetrics, Wanted } from '#app/domain/openmetrics/reader.ts';
import { orderSeries } from '#app/domain/prometheus/count-minutes.ts';
import { minuteOf } from '#app/domain/prometheus/increases.ts';
import { selects } from '#app/domain/prometheus/selector.ts';
import { periodBounds } from '#app/domain/slo/budget.ts';
import { sumUp } from '#app/domain/slo/minute-counts.ts';
import { minuteMs } from '#app/domain/slo/series.ts';
import { inSlices } from '#app/domain/slo/slices.ts';
import { didYouMean } from '#app/domain/yaml/nearest.ts';
import { type Command, type Terminal, UsageError } from './command.ts';
import { readSampleFiles, readSloFiles } from './input-files.ts';
import { printable } from './printable.ts';
import { problemLine } from './problem-line.ts';
import { jsonLine, textLine } from './slo-eval-lines.ts';
import { chosenSlos, type EvalSlo } from './slo-eval-slos.ts';
import { parseStep, parseTime } from './times.ts';

const help = `firebreak slo eval --slo FILE.yaml --samples FILE.om --from T --until T [--every 60s] [--json]

Tries SLOs on a file: evaluates the SLOs of FILE.yaml (OpenSLO v1, Prometheus selectors) over the counters and gauges of
FILE.om (OpenMetrics text with timestamps) at each step from --from to --until, both included, by the rules of the engine.

  --slo      OpenSLO v1, any number of documents; may be given several times, for burn profiles in their own file
  --samples  OpenMetrics text with timestamps that ends with "# EOF"; may be given several times
  --from     RFC 3339 (2026-11-22T03:00:00Z, 2026-11-22T04:00:00+01:00) or Unix seconds
  --until    the same, not before --from
  --every    60s, 5m, 1h, 1d; default 60s
  --json     one JSON line per SLO and step; without it one line for each change of an alert, and the last step

A line of --json:

  {"at":"2026-11-22T03:06:00.000Z","slo":"shop-answers",
   "windows":{"5m":{"bad":750,"total":5000,"burn":150,"coverage":1},"30m":…,"1h":…,"2h":…,"6h":…,"1d":…,"3d":…},
   "period":{"bad":900,"total":432000,"budgetRemaining":-1.08,"coverage":0.1},
   "alert":{"state":"page","tier":"page-fast"}}

  A window ends at the last whole minute up to "at": its start is excluded, its end included. "burn" is null without
  events. "coverage" is the share of minutes that were measured, of a calendar period: so far. "budgetRemaining" is
  1 − (bad / total) / (1 − objective), null without events, negative when overspent. "state" is ok, page or ticket, "tier"
  page-fast, page-slow, ticket-fast, ticket-slow or null. A counter that fell began anew at 0. What a counter read first
  is where counting begins, unless it is proven new: another counter of its target was read at the same instant and before.
  A minute of a gauge (thresholdMetric) goes by its last reading, the worst of all series; without one it is unknown.
  An alert rises at once, and eases or clears when its tier is proven quiet. A further objective of one document has an
  SLO of its own, named with its target (shop-answers-99-5), and the lines of such a document say "objective".

Example:

  firebreak slo eval --slo shop.yaml --samples shop.om --from 2026-11-22T00:00:00Z --until 2026-11-22T06:00:00Z --json

Exit code: 0 done, 1 something is wrong in a file (said on stderr), 2 wrong arguments.`;

const longestStretch = 1830 * 86_400_000;
const mostLines = 20_000_000;
/** The weeks of traffic that an evaluation may look back on. */
const baselineMs = 36 * 86_400_000;

/** `firebreak slo eval`: an SLO tried on a file of samples. */
export const sloEval: Command = {
  name: 'slo eval',
  summary: 'Try the SLOs of a file on recorded counters and gauges: burn, budget and alert at each step',
  help,
  async run(args, terminal) {
    const { values } = parseArgs({
      args,
      options: {
        slo: { type: 'string', multiple: true },
        samples: { type: 'string', multiple: true },
        from: { type: 'string' },
        until: { type: 'string' },
        every: { type: 'string', default: '60s' },
        json: { type: 'boolean' },
      },
    });
    if (!values.slo) throw new UsageError('--slo is missing: a file of OpenSLO documents.');
    if (!values.samples) throw new UsageError('--samples is missing: a file of OpenMetrics text.');
    const from = parseTime('from', values.from);
    const until = parseTime('until', values.until);
    const every = parseStep('every', values.every);
    if (from > until) throw new UsageError('--from lies after --until.');
    if (until - from > longestStretch) throw new UsageError('--from and --until lie over five years apart.');

    const alerts = await readSloFiles(values.slo, terminal);
    const slos = chosenSlos(alerts, values.slo);
    for (const problem of alerts.problems) terminal.err(printable(problemLine(problem)));
    if (!slos) return 1;
    const steps = Math.floor((until - from) / every) + 1;
    if (steps * slos.length > mostLines)
      throw new UsageError(
        `That would be ${steps * slos.length} lines; at most ${mostLines} are printed. Write a larger --every.`,
      );
    const wanted: Wanted = (name, labels) => {
      const wishes = slos.map(({ counting }) => counting.wants(name, labels));
      return wishes.find((wish) => wish === true) ?? wishes.find(Boolean) ?? false;
    };
    const read = await readSampleFiles(values.samples, wanted, terminal);
    for (const problem of read.problems) terminal.err(printable(problemLine(problem)));
    if (read.problems.length > 0) return 1;
    for (const one of slos) for (const line of missing(one, read)) terminal.err(printable(line));
    const series = orderSeries(read.series);
    print(
      slos.map((slo) => prepared(slo, series, from, until, terminal)),
      { from, until, every, json: values.json === true },
      terminal,
    );
    return 0;
  },
};

/** Selectors that find nothing: without `total` nothing is known, without `good` everything counts as bad. */
function missing({ slo, counting }: EvalSlo, { series, names }: OpenMetrics): string[] {
  const gone = counting.needed.filter((one) => !series.some(({ name, labels }) => selects(one, name, labels)));
  return gone.map(({ text, metric }) => {
    const hint = (metric && !names.has(metric) && didYouMean(metric, [...names])) || '';
    return `${slo.id}: no ${counting.what} in the samples is "${text}". ${hint}`.trim();
  });
}

/** An SLO with its counts, ready to be evaluated step by step. */
function prepared(
  one: EvalSlo,
  series: ReturnType<typeof orderSeries>,
  from: number,
  until: number,
  terminal: Terminal,
) {
  const oldest = Math.min(
    from - baselineMs,
    periodBounds(one.slo.period, Math.floor(from / minuteMs) * minuteMs).start,
  );
  const firstSample = series.reduce((least, { times }) => Math.min(least, times[0] ?? least), Number.POSITIVE_INFINITY);
  const lastSample = series.reduce((most, { times }) => Math.max(most, times.at(-1) ?? most), Number.NEGATIVE_INFINITY);
  const first = Math.max(minuteOf(firstSample), Math.floor(oldest / minuteMs));
  const end = Math.min(minuteOf(lastSample) + 1, Math.floor(until / minuteMs));
  const events = sumUp(one.counting.count(series, Number.isFinite(first) ? first : 0, Number.isFinite(end) ? end : 0));
  const { counts, faulty } = inSlices(events, one.slo.budgeting);
  if (faulty > 0)
    terminal.err(`${one.slo.id}: ${faulty} slices count more good or bad events than there are; they are not known.`);
  return { ...one, step: createReplay(one.slo, one.profile, counts, events) };
}

/** Prints step by step, in pieces, so that a month of minutes is no single text. */
function print(
  slos: readonly ReturnType<typeof prepared>[],
  { from, until, every, json }: { from: number; until: number; every: number; json: boolean },
  { out, err }: Terminal,
): void {
  const told = new Set<string>();
  const tiers = new Map<string, string | null>();
  let lines: string[] = [];
  for (let at = from; at <= until; at += every) {
    for (const { slo, several, step } of slos) {
      const now = step(at);
      if (now.condition === 'data-error' && !told.has(slo.id)) {
        told.add(slo.id);
        err(`${slo.id}: ${new Date(at).toISOString()} ${now.reason}`);
      }
      const changed = now.tier !== (tiers.get(slo.id) ?? null);
      tiers.set(slo.id, now.tier);
      if (json) lines.push(jsonLine(slo, several, now));
      else if (changed || at + every > until) lines.push(textLine(slo, now));
    }
    if (lines.length < 500) continue;
    out(lines.join('\n'));
    lines = [];
  }
  if (lines.length > 0) out(lines.join('\n'));
}
