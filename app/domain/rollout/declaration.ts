import { z } from 'zod';
import { minuteMs } from '../slo/series.ts';
import { minutesOf } from '../slo/windows.ts';
import { impactName } from './impact.ts';
import { type RolloutGuard, type RolloutPlan, type RolloutStage, usualRequests, usualWindow } from './plan.ts';

/** Stages that a plan may have, and how long one may be watched, minutes. */
const mostStages = 20;
const longestHold = 14 * 1440;

/** A stretch of whole minutes such as `10m`, `2h` or `1d`. */
const minutes = z.string().refine((text) => (minutesOf(text) ?? Number.POSITIVE_INFINITY) <= longestHold, {
  message: 'This is no stretch of 1 min to 14 d.',
  params: { hint: 'Write a whole number and a unit: 10m, 2h, 1d.' },
});

const judge = z.enum(['service', 'cohort']);
const over = z.number().positive().max(100_000);

const impactMetric = z
  .string()
  .max(200)
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'Write the name that SDKs define the counter by: letters, digits, _ . - only.');

const guard = z
  .strictObject({
    slo: z.string().min(1).optional(),
    over: over.optional(),
    judge: judge.optional(),
    metric: z
      .strictObject({
        name: z.string().min(1).max(100),
        project: z.string().min(1),
        total: z.string().min(1),
        bad: z.string().min(1),
        /** Share of bad events that is still good, in (0, 1). */
        under: z.number().gt(0).lt(1),
      })
      .optional(),
    /** Counters that SDKs send to Unleash as impact metrics, with what the flag answered. */
    unleash: z
      .strictObject({
        name: z.string().min(1).max(100),
        total: impactMetric,
        bad: impactMetric,
        under: z.number().gt(0).lt(1),
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
    if (unleash && impactName(unleash.total) === impactName(unleash.bad)) {
      fault('All and bad ones are counted by two metrics of different names.', 'unleash', 'bad');
    }
  });
const guards = z.array(guard).min(1, 'A rollout without a guard is only a timetable: name an SLO or a metric.').max(10);
const window = z.strictObject({ short: minutes, long: minutes });
/** At least one: without a request nothing was seen, and what was not seen is no success. */
const requests = z.int().min(1, 'A stage is judged by at least 1 request.').max(100_000_000);

const stage = z.strictObject({
  percent: z.int().min(1).max(100),
  hold: minutes,
  guards: guards.optional(),
  min_requests: requests.optional(),
  window: window.optional(),
  approve: z.array(z.string().min(1)).min(1, 'Name a team or a mail address, or leave "approve" out.').optional(),
});

/** `rollout:` as files write it; strict. What the whole plan says holds for every stage that says nothing else. */
export const rolloutSchema = z.strictObject({
  guards: guards,
  min_requests: requests.optional(),
  window: window.optional(),
  back_to: z.enum(['start', 'step']).optional(),
  resume: z.enum(['by-person', 'when-calm']).optional(),
  shadow: z.boolean().optional(),
  stages: z.array(stage).min(1, 'A rollout has at least one stage.').max(mostStages, 'At most 20 stages.'),
});
export type DeclaredRollout = z.output<typeof rolloutSchema>;

/** The plan that a `rollout:` stands for. */
export function rolloutPlan(declared: DeclaredRollout): RolloutPlan {
  const stages = declared.stages.map((one): RolloutStage => {
    const { short, long } = one.window ?? declared.window ?? { short: '5m', long: '1h' };
    return {
      percent: one.percent,
      hold: (minutesOf(one.hold) ?? 0) * minuteMs,
      guards: (one.guards ?? declared.guards).map(guardOf),
      minRequests: one.min_requests ?? declared.min_requests ?? usualRequests,
      window: { short: minutesOf(short) ?? usualWindow.short, long: minutesOf(long) ?? usualWindow.long },
      approve: one.approve ?? [],
    };
  });
  return {
    stages,
    backTo: declared.back_to ?? 'start',
    resume: declared.resume ?? 'by-person',
    shadow: declared.shadow ?? false,
  };
}

function guardOf(declared: DeclaredRollout['guards'][number]): RolloutGuard {
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

/** Something in a plan that cannot be, with its path below the plan. */
export interface PlanProblem {
  path: (string | number)[];
  message: string;
  hint: string | null;
}

/** What guards of a revision's plan cannot count: only flags have variants, and what SDKs send carries flags alone. */
export function revisionProblems(plan: RolloutPlan): PlanProblem[] {
  const message = 'A revision has no variants and no impact metrics: they are told apart by flags.';
  return plan.stages.flatMap(({ guards }, index) =>
    guards.flatMap(({ source, variant }, guard) =>
      source.kind === 'impact' || variant !== undefined
        ? [{ path: ['stages', index, 'guards', guard], message, hint: 'Guard it by an SLO or a metric.' }]
        : [],
    ),
  );
}

/** What a plan says that cannot work, whoever wrote it. */
export function planProblems(plan: RolloutPlan): PlanProblem[] {
  const found: PlanProblem[] = [];
  for (const [index, { percent, window, hold }] of plan.stages.entries()) {
    const before = plan.stages[index - 1];
    const path = ['stages', index];
    if (before && percent <= before.percent) {
      const message = `Stage ${index + 1} sets ${percent} %, after ${before.percent} %: each stage goes further up.`;
      found.push({ path: [...path, 'percent'], message, hint: null });
    }
    if (window.short > window.long) {
      found.push({ path: [...path, 'window'], message: 'The short window is longer than the long one.', hint: null });
    }
    if (hold < window.short * minuteMs) {
      const message = `Stage ${index + 1} is watched for ${hold / minuteMs} min: its short window of ${window.short} min never fills.`;
      found.push({ path: [...path, 'hold'], message, hint: 'Watch it longer, or take a shorter window.' });
    }
  }
  return found;
}
