import type { MonitoringRead, Series } from '../clients/cloud-monitoring/port.ts';
import { shellWord } from '../domain/run/commands/shell-word.ts';
import { durationText } from '../domain/slo/figures.ts';
import type { Action, ActionContext } from './action.ts';
import { answerTo, rangeOf, readAction } from './read-parts.ts';
import { requireService } from './traffic-read.server.ts';

/**
 * `metrics.query`: one figure of a Cloud Monitoring metric over a stretch of time: the sum of a count, or the largest or
 * least value of a gauge. Outputs `value` (null without a point) and `answer` to `over` and `under`; without a point that
 * is `unknown`.
 */
export function metricsQuery(monitoring: MonitoringRead): Action {
  return readAction('metrics.query', {
    title: ({ input }) => `Read ${wordOf(input)} of ${input.filter}`,
    command: (context) => {
      const { from, to } = rangeOf(context);
      const aligner = { sum: 'ALIGN_SUM', max: 'ALIGN_MAX', min: 'ALIGN_MIN' }[ofOf(context)];
      const query = [
        `filter=${String(context.input.filter)}`,
        `interval.startTime=${new Date(from).toISOString()}`,
        `interval.endTime=${new Date(to).toISOString()}`,
        'aggregation.alignmentPeriod=60s',
        `aggregation.perSeriesAligner=${aligner}`,
      ].map((part) => ` --data-urlencode ${shellWord(part)}`);
      const url = `https://monitoring.googleapis.com/v3/projects/${projectOf(context)}/timeSeries`;
      return `curl -fsS -G -H "Authorization: Bearer $(gcloud auth print-access-token)"${query.join('')} ${url}`;
    },
    async read(context) {
      const { from, to, ms } = rangeOf(context);
      const { signal, input } = context;
      const of = ofOf(context);
      const query = { project: projectOf(context), filter: String(input.filter), from, to, periodSeconds: 60 };
      const series =
        of === 'sum'
          ? await monitoring.counts({ ...query, groupBy: [], signal })
          : await monitoring.gauges({ ...query, groupBy: [], worst: of, signal });
      const value = figureOf(series, of);
      const last = Math.max(...series.flatMap(({ points }) => points.map(({ end }) => end)));
      const answer = answerTo(value, input);
      const late = value === null ? {} : { newestPointAt: last };
      const read = value === null ? `no points in ${durationText(ms)}` : `${value} in ${durationText(ms)}`;
      return {
        evidence: { [of]: read, ...late, ...(answer ? { answer } : {}) },
        outputs: { value, ...(answer ? { answer } : {}) },
      };
    },
  });
}

type Of = 'sum' | 'max' | 'min';

function ofOf({ input }: ActionContext): Of {
  return input.of === 'max' || input.of === 'min' ? input.of : 'sum';
}

function wordOf(input: Record<string, unknown>): string {
  return input.of === 'max' ? 'the largest value' : input.of === 'min' ? 'the least value' : 'the sum';
}

function figureOf(series: readonly Series<number>[], of: Of): number | null {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  if (values.length === 0) return null;
  if (of === 'sum') return values.reduce((sum, value) => sum + value, 0);
  return of === 'max' ? Math.max(...values) : Math.min(...values);
}

function projectOf(context: ActionContext): string {
  return requireService(context).cloudRun.project;
}
