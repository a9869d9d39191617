import { z } from 'zod';
import { type ActionFacts, duration, name } from '../action-facts.ts';

const share = z.number().int().min(1).max(100);

/**
 * Actions on Cloud Run. A `cloudrun.traffic` without `service` means the runbook's service; its `first` is the share of
 * the first move, held for `hold` of complete data minutes before `percent`.
 */
export const trafficActions = {
  'cloudrun.traffic': {
    summary: 'Routes the traffic of a Cloud Run service to a revision, or back to LATEST.',
    schema: z.strictObject({
      service: name.optional(),
      to: name,
      percent: share,
      first: share.optional(),
      hold: duration.optional(),
    }),
    // The plan decides in the end: a revision that never carried traffic makes it a forward change too.
    kind: (input) => (String(input.to).toUpperCase() === 'LATEST' ? 'forward' : 'stop'),
    target: (input, service) => `traffic/${input.service ?? service}`,
    change: true,
    leaves: true,
    recovery: 'verifiable',
    outputs: ['revision'],
  },
  'cloudrun.put-back': {
    summary: 'Puts the traffic of a Cloud Run service back to exactly where it was before a run moved it.',
    schema: z.strictObject({ service: name.optional(), run: name }),
    kind: () => 'stop',
    target: (input, service) => `traffic/${input.service ?? service}`,
    change: true,
    leaves: false,
    recovery: 'verifiable',
    outputs: [],
  },
} as const satisfies Record<string, ActionFacts>;
