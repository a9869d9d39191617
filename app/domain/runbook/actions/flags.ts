import { z } from 'zod';
import { readVariantShares } from '../../flag/variant-shares.ts';
import { type ActionFacts, type Contradiction, name } from '../action-facts.ts';

const target = (input: Record<string, unknown>) => `flag/${input.environment}/${input.flag}`;

/** Shares that cannot be read, or do not add up. */
function wrongShares({ variants }: Record<string, unknown>): Contradiction | null {
  const read = typeof variants === 'string' ? readVariantShares(variants) : null;
  if (!read || 'shares' in read) return null;
  return {
    field: 'variants',
    message: read.problem,
    hint: 'Name each variant with its share, with commas between them.',
  };
}

/** What every action that turns a flag has in common. */
const turning = { target, change: true, recovery: 'verifiable', outputs: ['flag'] } as const;

/** Actions on flags. The `percent` of a `flag.expose` is of those who ask without meeting a condition. */
export const flagActions = {
  'flag.kill': {
    summary: 'Brings a flag to its declared safe state in one environment.',
    schema: z.strictObject({ flag: name, environment: name }),
    kind: () => 'stop',
    leaves: true,
    ...turning,
  },
  'flag.restore': {
    summary: 'Gives a killed flag back what it had before.',
    schema: z.strictObject({ flag: name, environment: name }),
    kind: () => 'forward',
    leaves: false,
    ...turning,
  },
  'flag.expose': {
    summary: 'Sets the share of people that get a flag in one environment, and its variants.',
    schema: z.strictObject({
      flag: name,
      environment: name,
      percent: z.number().int().min(0).max(100),
      variants: z.string().max(1_000).optional(),
    }),
    contradiction: wrongShares,
    kind: () => 'forward',
    leaves: false,
    ...turning,
  },
  'flag.put-back': {
    summary: 'Puts a flag back to exactly what stood there before a run raised its exposure.',
    schema: z.strictObject({ flag: name, environment: name, run: name }),
    kind: () => 'stop',
    leaves: false,
    ...turning,
  },
  'flag.define': {
    summary:
      'Makes Unleash follow what the file says a flag is: that it is there, its type, its description, what it begins with.',
    schema: z.strictObject({ flag: name, environment: name }),
    kind: () => 'forward',
    leaves: false,
    ...turning,
  },
} as const satisfies Record<string, ActionFacts>;
