import { z } from 'zod';
import { type ActionFacts, burn, type Contradiction, duration, name, window, yesOrNo } from '../action-facts.ts';
import { parseDuration } from '../durations.ts';

const filter = z.string().min(1).max(2_000);
/** Furthest back that a query reads, ms: more costs quota, and answers nothing at 3 a.m. */
const furthest = 24 * 3_600_000;

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
  'logs.query': {
    summary: "Counts a service's log lines over the last minutes, and keeps the newest of them.",
    schema: z.strictObject({
      service: name.optional(),
      filter: filter.optional(),
      severity: z.enum(['DEFAULT', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']).optional(),
      since: duration.optional(),
      limit: z.number().int().min(1).max(50).optional(),
      over: z.number().min(0).optional(),
    }),
    contradiction: tooFarBack,
    kind: () => 'read',
    change: false,
    leaves: false,
    recovery: 'idempotent',
    outputs: ['count', 'answer'],
    answers: () => ({ answer: yesOrNo }),
  },
  'metrics.query': {
    summary:
      'Reads a metric of Cloud Monitoring over the last minutes: the sum of a count, or the worst value of a gauge.',
    schema: z.strictObject({
      service: name.optional(),
      filter,
      of: z.enum(['sum', 'max', 'min']).optional(),
      since: duration.optional(),
      over: z.number().optional(),
      under: z.number().optional(),
    }),
    contradiction: tooFarBack,
    kind: () => 'read',
    change: false,
    leaves: false,
    recovery: 'idempotent',
    outputs: ['value', 'answer'],
    answers: () => ({ answer: yesOrNo }),
  },
  'flag.inspect': {
    summary: 'Reads who gets a flag in one environment, and whether that is its safe state.',
    schema: z.strictObject({ flag: name, environment: name }),
    kind: () => 'read',
    change: false,
    leaves: false,
    recovery: 'idempotent',
    outputs: ['exposure', 'safe'],
    answers: () => ({ safe: yesOrNo }),
  },
  'cloudrun.inspect': {
    summary: 'Reads which revision of a service has the most traffic, and whether it is pinned there.',
    schema: z.strictObject({ service: name.optional() }),
    kind: () => 'read',
    change: false,
    leaves: false,
    recovery: 'idempotent',
    outputs: ['revision', 'percent', 'pinned'],
    answers: () => ({ pinned: ['yes', 'no'] }),
  },
} as const satisfies Record<string, ActionFacts>;

function tooFarBack({ since }: Record<string, unknown>): Contradiction | null {
  const ms = typeof since === 'string' ? parseDuration(since) : null;
  if (ms === null || (ms >= 60_000 && ms <= furthest)) return null;
  return { field: 'since', message: 'since is from 1m to 1d.', hint: 'Write since: 15m.' };
}
