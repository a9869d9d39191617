import { z } from 'zod';
import { readVariantShares } from './variant-shares.ts';

const environment = z.string().min(1).max(200);
const percent = z
  .string()
  .trim()
  .regex(/^(\d{1,2}|100)$/, 'A share is a whole number from 0 to 100.');

const variants = z
  .string()
  .trim()
  .max(1_000)
  .superRefine((text, issues) => {
    const read = text === '' ? null : readVariantShares(text);
    if (read && 'problem' in read) issues.addIssue({ code: 'custom', message: read.problem });
  })
  .optional();

/** What a form on a flag's page may wish for. `percent` stays text: the run's template reads it. */
export const flagWish = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('kill'), environment }),
  z.object({ intent: z.literal('restore'), environment }),
  /** What its file says, in Unleash. */
  z.object({ intent: z.literal('define'), environment }),
  z.object({
    intent: z.literal('expose'),
    environment,
    percent,
    variants,
  }),
  /** The same at a later time: clock time `at` in `zone`. */
  z.object({ intent: z.literal('schedule'), environment, percent, at: z.string().max(50), zone: z.string().max(100) }),
  z.object({ intent: z.literal('unschedule'), id: z.string().min(1).max(100) }),
  /** Asks the owners for it. */
  z.object({
    intent: z.literal('ask'),
    environment,
    percent,
    reason: z.string().trim().min(3, 'Say in one sentence why.').max(500),
  }),
]);
export type FlagWish = z.infer<typeof flagWish>;
