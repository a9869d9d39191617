import { z } from 'zod';

const id = z.string().min(1).max(100);

/** Days from now until a follow-up is due, or as it was. */
export const dueChoices = ['keep', '1', '3', '7', '14', '30'] as const;

/** What a form on a follow-up may wish for. */
export const followUpWish = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('clear'), id }),
  z.object({ intent: z.literal('back'), id }),
  z.object({ intent: z.literal('sign-off'), id, sentence: z.string().trim().max(500) }),
  z.object({ intent: z.literal('change'), id, owner: z.string().trim().max(200), due: z.enum(dueChoices) }),
]);
