import { z } from 'zod';
import { objectiveText } from '../slo/figures.ts';
import { filterFault } from '../slo/filter.ts';
import { impactName } from './impact.ts';
import type { RolloutGuard } from './plan.ts';

const judge = z.enum(['service', 'cohort']);
const over = z.number().positive().max(100_000);

const impactMetric = z
  .string()
  .max(200)
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'Write the name that SDKs define the counter by: letters, digits, _ . - only.');

const guardTitle = z.string().min(1, 'Give the guard a name.').max(100, 'A name has 100 characters at most.');
const project = z.string().min(1, 'Name the project of Google Cloud whose metrics are counted.').max(100);

const metricFilter = z
  .string()
  .max(2_000, 'A filter has 2,000 characters at most.')
  .superRefine((filter, issues) => {
    const fault = filterFault(filter);
    if (fault) issues.addIssue({ code: 'custom', message: fault.message, params: { hint: fault.hint ?? undefined } });
  });

/** Share of bad events that is still good, in (0, 1). */
const under = z.number().refine((share) => share > 0 && share < 1, {
  error: ({ input }) =>
    `${objectiveText(input as number)} is no bound for bad ones: it lies above 0 % and below 100 %.`,
});

/** One guard as files write it; strict. A form that makes one is read by it too. */
export const guardSchema = z
  .strictObject({
    slo: z.string().min(1).optional(),
    over: over.optional(),
    judge: judge.optional(),
    metric: z
      .strictObject({
        name: guardTitle,
        project,
        total: metricFilter,
        bad: metricFilter,
        under,
      })
      .optional(),
    /** Counters that SDKs send to Unleash as impact metrics, with what the flag answered. */
    unleash: z
      .strictObject({
        name: guardTitle,
        total: impactMetric,
        bad: impactMetric,
        under,
      })
      .optional(),
    /** The variant whose cohort alone is judged. */
    variant: z.string().min(1).max(100).optional(),
  })
  .superRefine(({ slo, metric, unleash, over: factor, judge: whom, variant }, issues) => {
    const fault = (message: string, ...path: string[]) => issues.addIssue({ code: 'custom', message, path });
    if ([slo, metric, unleash].filter((one) => one !== undefined).length !== 1) {
      fault('A guard names an SLO (slo:) or a metric (metric:), or impact metrics (unleash:), one of them.');
    } else if (metric && (factor !== undefined || whom !== undefined || variant !== undefined)) {
      fault('A metric guards by its "under" alone, of the whole service.');
    } else if (unleash && factor !== undefined) {
      fault('Impact metrics guard by their "under" alone.', 'over');
    } else if (unleash && whom === 'service') {
      fault('Impact metrics count those who have the flag: leave "judge" out, or write judge: cohort.', 'judge');
    } else if (variant !== undefined && slo !== undefined && whom !== 'cohort') {
      fault('Only the cohort has variants: write judge: cohort beside it.', 'variant');
    }
    if (metric && metric.total === metric.bad) {
      fault('All and bad ones are counted by two filters: these are the same.', 'metric', 'bad');
    }
    if (unleash && impactName(unleash.total) === impactName(unleash.bad)) {
      fault('All and bad ones are counted by two metrics of different names.', 'unleash', 'bad');
    }
  });

/** The guard that a declared one stands for. */
export function guardOf(declared: z.output<typeof guardSchema>): RolloutGuard {
  const variant = declared.variant === undefined ? {} : { variant: declared.variant };
  if (declared.unleash) {
    const { name, total, bad, under } = declared.unleash;
    const source = { kind: 'impact' as const, name, total: impactName(total), bad: impactName(bad), under };
    return { source, over: null, judge: 'cohort', ...variant };
  }
  if (declared.metric) return { source: { kind: 'metric', ...declared.metric }, over: null, judge: 'service' };
  return {
    source: { kind: 'slo', slo: declared.slo ?? '' },
    over: declared.over ?? null,
    judge: declared.judge ?? 'service',
    ...variant,
  };
}
