import { z } from 'zod';
import { type ActionFacts, burn, name, window, yesOrNo } from '../action-facts.ts';

/** Reads: they run by themselves, and one that fails is passed over with its reason. */
export const readActions = {
  'slo.check': {
    summary: 'Reads an SLO and answers whether its burn rate is over or under a bound.',
    schema: z.strictObject({
      slo: name,
      window: window.optional(),
      burn_over: burn.optional(),
      burn_under: burn.optional(),
    }),
    kind: () => 'read',
    change: false,
    leaves: false,
    recovery: 'idempotent',
    outputs: ['burn', 'answer'],
    answers: () => ({ answer: yesOrNo }),
  },
} as const satisfies Record<string, ActionFacts>;
