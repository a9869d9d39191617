import { z } from 'zod';

const text = z.string().max(1_000).default('');

/** What the forms on an SLO's page ask for: a correction of its budget as it was typed, or the end of one. */
export const sloWish = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('correct'),
    kind: z.enum(['exclusion', 'adjustment']),
    from: text,
    to: text,
    bad: text,
    reason: text,
  }),
  z.object({ intent: z.literal('withdraw'), id: z.string().min(1).max(100) }),
]);
