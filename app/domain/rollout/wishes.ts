import { z } from 'zod';
import { rolloutDecisions } from './decision.ts';
import { type WrittenField, writtenFields } from './written-guards.ts';

/** What a form on a rollout's page may wish for; `epoch` is the rollout as it was read. */
export const rolloutWish = z.object({
  intent: z.enum(rolloutDecisions),
  epoch: z.string().max(20),
  reason: z.string().trim().max(500).optional(),
  /** Said of a plan with a stage that no guard sees. */
  blind: z.literal('yes').optional(),
});

const written = Object.fromEntries(
  writtenFields.map((name) => [name, z.string().max(2_000, 'A filter has 2,000 characters at most.').optional()]),
) as Record<WrittenField, z.ZodOptional<z.ZodString>>;

/** A rollout as its form draws it up; SLOs are fields of their own, `slo`, one each, and so are `kept` guards. */
export const drawWish = z.object({
  intent: z.literal('draw'),
  /** `flag <environment> <flag>`, or `revision <service> <revision>`. */
  subject: z.string().max(400),
  plan: z.enum(['declared', 'typed']),
  stages: z.string().max(2_000).optional(),
  judge: z.enum(['service', 'cohort']).optional(),
  minRequests: z.string().max(20).optional(),
  short: z.string().max(20).optional(),
  long: z.string().max(20).optional(),
  resume: z.enum(['by-person', 'when-calm']).optional(),
  backTo: z.enum(['start', 'step']).optional(),
  shadow: z.literal('yes').optional(),
  ...written,
});
export type DrawWish = z.output<typeof drawWish>;
