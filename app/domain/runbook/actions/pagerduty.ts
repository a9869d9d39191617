import { z } from 'zod';
import { type ActionFacts, duration, name } from '../action-facts.ts';

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
    recovery: 'verifiable',
    outputs: [],
  },
  'pagerduty.escalate': {
    summary: "Pages the next level of the incident's PagerDuty incidents at once, or the level it names.",
    schema: z.strictObject({ level: z.number().int().min(1).max(20).optional() }),
    kind: () => 'people',
    change: false,
    leaves: false,
    recovery: 'verifiable',
    outputs: [],
  },
  'pagerduty.resolve': {
    summary: "Resolves the incident's PagerDuty incidents in the name of the person who confirms.",
    schema: z.strictObject({}),
    kind: () => 'people',
    change: false,
    leaves: false,
    recovery: 'verifiable',
    outputs: [],
  },
  snooze: {
    summary: 'Keeps the pages of an incident quiet for a while, with the next look and what that costs in budget.',
    schema: z.strictObject({ for: duration, slo: name.optional() }),
    kind: () => 'people',
    change: false,
    leaves: false,
    recovery: 'idempotent',
    outputs: ['next_look'],
  },
} as const satisfies Record<string, ActionFacts>;
