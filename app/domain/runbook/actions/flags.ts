import { z } from 'zod';
import { type ActionFacts, name } from '../action-facts.ts';

const target = (input: Record<string, unknown>) => `flag/${input.environment}/${input.flag}`;

/** Actions on flags. */
export const flagActions = {
  'flag.kill': {
    summary: 'Brings a flag to its declared safe state in one environment.',
    schema: z.strictObject({ flag: name, environment: name }),
    kind: () => 'stop',
    target,
    change: true,
    leaves: true,
    recovery: 'verifiable',
    outputs: ['flag'],
  },
  'flag.restore': {
    summary: 'Gives a killed flag back what it had before.',
    schema: z.strictObject({ flag: name, environment: name }),
    kind: () => 'forward',
    target,
    change: true,
    leaves: false,
    recovery: 'verifiable',
    outputs: ['flag'],
  },
} as const satisfies Record<string, ActionFacts>;
