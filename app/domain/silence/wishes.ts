import { z } from 'zod';

const text = z.string().max(1_000).default('');
const id = z.string().min(1).max(100);

/** What the forms on silences ask for: a new one as it was typed, another end for one, or its end now. */
export const silenceWish = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('silence'), what: text, end: text, at: text, zone: text, reason: text }),
  z.object({ intent: z.literal('extend'), id, end: text, at: text, zone: text }),
  z.object({ intent: z.literal('end'), id }),
]);
