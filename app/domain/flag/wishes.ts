import { z } from 'zod';

const environment = z.string().min(1).max(200);

/** What a form on a flag's page may wish for. `percent` stays text: the run's template reads it. */
export const flagWish = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('kill'), environment }),
  z.object({ intent: z.literal('restore'), environment }),
  z.object({
    intent: z.literal('expose'),
    environment,
    percent: z
      .string()
      .trim()
      .regex(/^(\d{1,2}|100)$/, 'A share is a whole number from 0 to 100.'),
    variants: z.string().trim().max(1_000).optional(),
  }),
]);
export type FlagWish = z.infer<typeof flagWish>;
