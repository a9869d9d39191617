import { z } from 'zod';

const id = z.string().min(1).max(100);

/** What the forms on change requests ask for. */
export const requestWish = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('open-run'), id }),
  z.object({ intent: z.literal('decline'), id, reason: z.string().trim().max(500).default('') }),
  z.object({ intent: z.literal('withdraw'), id }),
]);
