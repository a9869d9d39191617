import { z } from 'zod';

const environment = z.string().min(1).max(200);

/** What a form on a flag's page may wish for. */
export const flagWish = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('kill'), environment }),
  z.object({ intent: z.literal('restore'), environment }),
]);
export type FlagWish = z.infer<typeof flagWish>;
