import { z } from 'zod';
import { minuteMs } from '../slo/series.ts';
import { minutesOf } from '../slo/windows.ts';
import { guardOf, guardSchema } from './guard-declaration.ts';
import { type RolloutPlan, type RolloutStage, usualRequests, usualWindow } from './plan.ts';

/** Stages that a plan may have, and how long one may be watched, minutes. */
const mostStages = 20;
const longestHold = 14 * 1440;

/** A stretch of whole minutes such as `10m`, `2h` or `1d`. */
const minutes = z.string().refine((text) => (minutesOf(text) ?? Number.POSITIVE_INFINITY) <= longestHold, {
  message: 'This is no stretch of 1 min to 14 d.',
  params: { hint: 'Write a whole number and a unit: 10m, 2h, 1d.' },
});

const guards = z
  .array(guardSchema)
  .min(1, 'A rollout without a guard is only a timetable: name an SLO or a metric.')
  .max(10);
/** The two windows that must both burn, as files write them. */
export const windowSchema = z.strictObject({ short: minutes, long: minutes });
/** At least one: without a request nothing was seen, and what was not seen is no success. */
const requests = z.int().min(1, 'A stage is judged by at least 1 request.').max(100_000_000);

const stage = z.strictObject({
  percent: z.int().min(1).max(100),
  hold: minutes,
  guards: guards.optional(),
  min_requests: requests.optional(),
  window: windowSchema.optional(),
  approve: z.array(z.string().min(1)).min(1, 'Name a team or a mail address, or leave "approve" out.').optional(),
});

/** `rollout:` as files write it; strict. What the whole plan says holds for every stage that says nothing else. */
export const rolloutSchema = z.strictObject({
  guards: guards,
  min_requests: requests.optional(),
  window: windowSchema.optional(),
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
