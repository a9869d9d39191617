import { z } from 'zod';

const id = z.string().min(1).max(100);

/** What a form on a follow-up may wish for. */
export const followUpWish = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('clear'), id }),
  z.object({ intent: z.literal('back'), id }),
  z.object({ intent: z.literal('sign-off'), id, sentence: z.string().trim().max(500) }),
]);
