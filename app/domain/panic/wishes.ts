import { z } from 'zod';

const reason = z.string().trim().max(500).default('');
const hash = z.string().max(128);

/** What the form on the list of panic sets asks for: the dry run of one. */
export const panicSetWish = z.object({ intent: z.literal('dry-run'), set: z.string().min(1).max(100) });

/** What the forms on one panic ask for. */
export const panicWish = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('read-again') }),
  z.object({ intent: z.literal('panic'), hash, reason, acknowledged: z.literal('yes').optional() }),
  z.object({ intent: z.literal('undo-all'), hash, reason, acknowledged: z.literal('yes').optional() }),
  z.object({ intent: z.literal('put-away') }),
]);
export type PanicWish = z.infer<typeof panicWish>;
