import type { Problem } from '../runbook/runbook.ts';
import { familyOf, isCumulative, isReading, type MetricType, metricTypes } from './families.ts';
import { closingBrace, readLabels } from './labels.ts';
import { readNumber } from './number.ts';
import { appendSample, newSamples, type Samples } from './samples.ts';

/** One counter or gauge of a text: what it is called, its readings, and when it began anew (ms) where the text says so. */
export interface CounterSeries {
  name: string;
  labels: Readonly<Record<string, string>>;
  samples: Samples;
  created: number[];
}

/** Everything taken from a text. `names` holds the names of all its samples. */
export interface OpenMetrics {
  series: CounterSeries[];
  names: ReadonlySet<string>;
  problems: Problem[];
}

/** Whether a series is read: true as a counter. */
export type Wanted = (name: string, labels: Readonly<Record<string, string>>) => boolean | 'gauge';

/** Reads a text piece by piece; `push` is false once it is no use to go on. */
export interface OpenMetricsReader {
  push(text: string): boolean;
  end(): OpenMetrics;
}

/** A series as it stands in front of a value: null where nobody wants it. */
interface Entry {
  series: CounterSeries | null;
  /** Of a `_created` sample: where its values go. */
  created: number[] | null;
  isGauge: boolean;
}

const mostProblems = 20;
const longestLine = 1_000_000;
/** Distinct series of a text; more than any Prometheus exposes at once. */
const mostSeries = 1_000_000;
/** Seconds from which on a timestamp must be meant as milliseconds: the year 5138. */
const tooLate = 1e11;

/**
 * Reads OpenMetrics text with timestamps (https://prometheus.io/docs/specs/om/open_metrics_spec/) as a stream, and keeps
 * the counters (true) and gauges that `wanted` says. Problems carry line and column (1-based, in UTF-16 units). NaN is Prometheus's mark of
 * a series that went away, and no reading.
 */
export function openMetricsReader(file: string, wanted: Wanted): OpenMetricsReader {
  const problems: Problem[] = [];
  const types = new Map<string, MetricType>();
  const names = new Set<string>();
  const entries = new Map<string, Entry>();
  const bySeries = new Map<string, Entry>();
  const createdBy = new Map<string, number[]>();
  let rest = '';
  let lines = 0;
  let ended = false;

  const report = (at: number, message: string, hint: string | null = null) =>
    problems.push({ file, line: lines, column: at + 1, severity: 'error', message, hint });

  function comment(line: string): void {
    const [, keyword, name, text] = /^# (TYPE|HELP|UNIT|EOF)(?: (\S+)(?: (.*))?)?\s*$/.exec(line) ?? [];
    if (keyword === 'EOF') ended = true;
    if (keyword !== 'TYPE') return;
    const type = metricTypes.find((known) => known === text?.trim());
    if (!name || !type) {
      const hint = `Write # TYPE name type, with one of ${metricTypes.join(', ')}.`;
      report(
        7 + (name ? name.length + 1 : 0),
        text ? `"${text}" is not a type.` : 'A name and a type are missing.',
        hint,
      );
    } else if (types.has(name) && types.get(name) !== type)
      report(7, `"${name}" was declared a ${types.get(name)} before.`, 'Give each its own name.');
    else types.set(name, type);
  }

  /** The series of a text in front of a value, read once for each distinct text; undefined when it is reported. */
  function open(line: string, brace: number, end: number): Entry | undefined {
    const name = brace < 0 ? line.slice(0, end) : line.slice(0, brace);
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) {
      report(0, `"${name.slice(0, 60)}" is not the name of a metric.`, 'A name has letters, digits, _ and :.');
      return undefined;
    }
    const read = brace < 0 ? { labels: {} } : readLabels(line, brace, end - 1);
    if ('fault' in read) {
      report(read.fault.at, read.fault.message, read.fault.hint);
      return undefined;
    }
    names.add(name);
    const { labels } = read;
    if (entries.size >= mostSeries) {
      report(0, `There are over ${mostSeries} different series.`, 'Leave out those that no SLO counts.');
      return undefined;
    }
    const { family, type, ending } = familyOf(name, types);
    const key = seriesKey(name, labels);
    const known = bySeries.get(key);
    if (known) return known;
    const entry: Entry = { series: null, created: null, isGauge: false };
    bySeries.set(key, entry);
    if (ending === '_created') entry.created = createdOf(family, labels);
    const want = ending !== '_created' && wanted(name, labels);
    if (!want) return entry;
    entry.isGauge = want === 'gauge';
    if (entry.isGauge && !isReading(type, ending)) {
      const hint = 'Select a gauge, or count events with a ratioMetric.';
      report(0, `"${name}" is a ${type}, and a thresholdMetric reads gauges.`, hint);
      return undefined;
    }
    if (!entry.isGauge && !isCumulative(type, ending)) {
      const hint = 'Select counters: names that end in _total, _bucket or _count.';
      report(0, `"${name}" is a ${type}, and events are counted by counters.`, hint);
      return undefined;
    }
    entry.series = { name, labels, samples: newSamples(), created: createdOf(family, labels) };
    return entry;
  }

  function createdOf(family: string, { le: _, ...labels }: Readonly<Record<string, string>>): number[] {
    const key = seriesKey(family, labels);
    const list = createdBy.get(key) ?? [];
    createdBy.set(key, list);
    return list;
  }

  function sample(line: string): void {
    const space = line.indexOf(' ');
    let brace = line.indexOf('{');
    if (space >= 0 && space < brace) brace = -1;
    let end = space < 0 ? line.length : space;
    if (brace >= 0) {
      const close = closingBrace(line, brace);
      if (close < 0) return void report(brace, 'The labels are not closed.', 'Write "}" behind the last label.');
      end = close + 1;
    }
    const text = line.slice(0, end);
    let entry = entries.get(text);
    if (!entry) {
      entry = open(line, brace, end);
      if (!entry) return;
      entries.set(text, entry);
    }
    const from = end + 1;
    let to = line.indexOf(' ', from);
    if (to < 0) to = line.length;
    const value = line[end] === ' ' ? readNumber(line, from, to) : undefined;
    if (value === undefined)
      return void report(Math.min(from, line.length), `A number is expected, not "${line.slice(from, to)}".`);
    let until = line.indexOf(' ', to + 1);
    if (until < 0) until = line.length;
    const hasTime = to < line.length && line[to + 1] !== '#';
    const seconds = hasTime ? readNumber(line, to + 1, until) : undefined;
    if (hasTime && (seconds === undefined || !Number.isFinite(seconds)))
      return void report(to + 1, `"${line.slice(to + 1, until)}" is not a time.`, 'Write Unix seconds: 1763769600.');
    if (seconds !== undefined && seconds >= tooLate)
      return void report(
        to + 1,
        `${seconds} s lies after the year 5000.`,
        'OpenMetrics counts seconds, not milliseconds.',
      );
    const more = hasTime ? until : to;
    if (more < line.length && !line.startsWith(' # {', more))
      return void report(
        more + 1,
        `"${line.slice(more + 1, more + 21)}" is left over.`,
        'After value and time only an exemplar may stand: # {…} value.',
      );
    if (entry.created && Number.isFinite(value)) keepCreated(entry.created, Math.round(value * 1000));
    if (!entry.series || Number.isNaN(value)) return;
    if (seconds === undefined)
      return void report(line.length, 'The sample has no timestamp.', 'Write Unix seconds behind the value.');
    if (!entry.isGauge && (value < 0 || value === Number.POSITIVE_INFINITY))
      return void report(from, `A counter is never ${value < 0 ? 'negative' : 'infinite'}.`);
    appendSample(entry.series.samples, Math.round(seconds * 1000), value);
  }

  function readLine(raw: string): void {
    lines += 1;
    // Carriage returns and spaces at the end say nothing.
    let line = raw.charCodeAt(raw.length - 1) <= 32 ? raw.trimEnd() : raw;
    if (lines === 1 && line.charCodeAt(0) === 0xfeff) line = line.slice(1);
    if (line === '') return;
    if (ended) {
      report(0, 'Text follows "# EOF".', 'Put "# EOF" behind the last line, and there alone.');
      ended = false;
    }
    if (line.charCodeAt(0) === 35) comment(line);
    else sample(line);
  }

  return {
    push(text) {
      const whole = rest + text;
      let from = 0;
      for (let to = whole.indexOf('\n'); to >= 0; to = whole.indexOf('\n', from)) {
        readLine(whole.slice(from, to));
        from = to + 1;
        if (problems.length >= mostProblems) return false;
      }
      rest = whole.slice(from);
      if (rest.length <= longestLine) return true;
      rest = '';
      lines += 1;
      report(0, 'The line is longer than a million characters.', 'Is this OpenMetrics text?');
      return false;
    },
    end() {
      if (problems.length < mostProblems && rest !== '') readLine(rest);
      if (!ended && problems.length === 0) {
        lines += 1;
        report(0, 'The text does not end with "# EOF": it may have been cut off.', 'Write "# EOF" as its last line.');
      }
      const series = [...bySeries.values()].flatMap((entry) => (entry.series ? [entry.series] : []));
      return { series, names, problems };
    },
  };
}

function keepCreated(list: number[], at: number): void {
  if (list.at(-1) !== at) list.push(at);
}

/** A series' name and labels as one text, whatever order the labels stand in. */
export function seriesKey(name: string, labels: Readonly<Record<string, string>>): string {
  return JSON.stringify([name, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
