import { z } from 'zod';
import { rolloutDecisions } from './decision.ts';

/** What a form on a rollout's page may wish for; `epoch` is the rollout as it was read. */
export const rolloutWish = z.object({
  intent: z.enum(rolloutDecisions),
  epoch: z.string().max(20),
  reason: z.string().trim().max(500).optional(),
  /** Said of a plan with a stage that no guard sees. */
  blind: z.literal('yes').optional(),
});

/** A rollout as its form draws it up; SLOs are fields of their own, `slo`, one each. */
export const drawWish = z.object({
  intent: z.literal('draw'),
  /** `flag <environment> <flag>`, or `revision <service> <revision>`. */
  subject: z.string().max(400),
  plan: z.enum(['declared', 'typed']),
  stages: z.string().max(2_000).optional(),
  judge: z.enum(['service', 'cohort']).optional(),
  minRequests: z.string().max(20).optional(),
  resume: z.enum(['by-person', 'when-calm']).optional(),
  backTo: z.enum(['start', 'step']).optional(),
  shadow: z.literal('yes').optional(),
});
export type DrawWish = z.output<typeof drawWish>;
