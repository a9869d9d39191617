import { z } from 'zod';

const sentence = z.string().trim().min(3, 'Say it in one sentence.').max(500);

/** What a form on a run may wish for. */
export const runWish = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('confirm'),
    step: z.string(),
    hash: z.string().max(128),
    reason: z.string().trim().max(500).optional(),
    acknowledged: z.literal('yes').optional(),
    acknowledgePage: z.literal('yes').optional(),
    outcome: z.string().trim().max(2_000).optional(),
  }),
  z.object({ intent: z.literal('replan'), step: z.string() }),
  z.object({ intent: z.literal('skip'), step: z.string(), reason: sentence }),
  z.object({
    intent: z.literal('undo'),
    step: z.string(),
    hash: z.string().max(128),
    reason: z.string().trim().max(500).optional(),
  }),
  z.object({ intent: z.literal('resolve'), step: z.string(), decision: z.enum(['done', 'retry', 'abort']) }),
  z.object({ intent: z.literal('approve'), step: z.string(), hash: z.string().max(128) }),
  z.object({ intent: z.literal('reject'), step: z.string(), hash: z.string().max(128), reason: sentence }),
  z.object({ intent: z.literal('withdraw'), step: z.string(), hash: z.string().max(128) }),
  z.object({
    intent: z.literal('break-glass'),
    step: z.string(),
    hash: z.string().max(128),
    reason: z.string().trim().max(500),
    acknowledged: z.literal('yes').optional(),
  }),
  // What somebody did with their own hands, and what they saw.
  z.object({ intent: z.literal('by-hand'), step: z.string(), seen: sentence }),
  z.object({ intent: z.literal('take-over'), step: z.string(), reason: sentence }),
  z.object({ intent: z.literal('cancel'), reason: sentence }),
  z.object({ intent: z.literal('note'), text: z.string().trim().min(3, 'Say it in one sentence.').max(4_000) }),
  // `had` is who had it when the form was drawn, by email; empty for nobody.
  z.object({ intent: z.literal('hand-over'), to: z.string().max(200), had: z.string().max(200), reason: sentence }),
  z.object({ intent: z.literal('take'), had: z.string().max(200) }),
]);
export type RunWish = z.infer<typeof runWish>;
