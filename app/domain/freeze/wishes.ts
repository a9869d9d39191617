import { z } from 'zod';

const text = z.string().max(200).default('');

/** What a form on the freezes may wish for. */
export const freezeWish = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('freeze'),
    ...{ what: text, kind: text, zone: text, from: text, until: text },
    ...{ fromDay: text, fromTime: text, untilDay: text, untilTime: text },
    reason: z.string().max(2_000).default(''),
  }),
  z.object({ intent: z.literal('end'), id: z.string().min(1).max(100) }),
]);
