import { z } from 'zod';
import type { ActionFacts } from '../action-facts.ts';

/** What is told to PagerDuty, in the name of the person who confirms. */
export const pagerDutyActions = {
  'pagerduty.note': {
    summary: "Writes a note on the incident's PagerDuty incidents.",
    schema: z.strictObject({ text: z.string().min(1).max(25_000) }),
    kind: () => 'people',
    change: false,
    leaves: false,
    recovery: 'verifiable',
    outputs: [],
  },
  'pagerduty.acknowledge': {
    summary: "Acknowledges the incident's PagerDuty incidents in the name of the person who confirms.",
    schema: z.strictObject({}),
    kind: () => 'people',
    change: false,
    leaves: false,
    recovery: 'idempotent',
    outputs: [],
  },
} as const satisfies Record<string, ActionFacts>;
