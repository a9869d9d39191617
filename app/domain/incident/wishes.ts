import { z } from 'zod';

/** What a form on an incident may wish for; `change` is the id of a suspect. */
export const incidentWish = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('acknowledge') }),
  z.object({ intent: z.literal('open-runbook') }),
  z.object({ intent: z.literal('reverse'), change: z.string().min(1).max(200) }),
]);
