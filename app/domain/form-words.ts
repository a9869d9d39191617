import type { z } from 'zod';
import { plural } from './plural.ts';

/** Fields as the person calls them who filled them in. */
const names: Record<string, string> = {
  reason: 'The reason',
  sentence: 'The sentence',
  text: 'The note',
  seen: 'What was seen',
  outcome: 'What came of it',
  percent: 'The share',
  at: 'The time',
  environment: 'The environment',
  variants: 'The list of variants',
  stages: 'The list of stages',
  short: 'The short window',
  long: 'The long window',
  minRequests: 'The number of requests',
  owner: 'The owner',
  to: 'The name of whoever takes it',
};

/**
 * How a schema reads a form that a person filled in: `schema.safeParse(sent, inWords)`. A text that is too long, too short
 * or missing is said in words, with its field and its bound, anything else with its field; what a schema says in words of
 * its own stands.
 */
export const inWords = { error: fieldWords };

function fieldWords({ code, path, input, ...bounds }: z.core.$ZodRawIssue): string {
  const field = path?.join('.') ?? '';
  const name = field === '' || field === 'intent' ? 'Something in the form' : (names[field] ?? `The field “${field}”`);
  if (input === undefined || (code === 'too_small' && input === '')) return `${name} is missing.`;
  if (typeof input !== 'string') return `${name} is not valid.`;
  const now = `it has ${characters(input.length)} now`;
  if (code === 'too_big') return `${name} may have ${characters(bounds.maximum)} at most; ${now}.`;
  if (code === 'too_small') return `${name} has to have ${characters(bounds.minimum)} at least; ${now}.`;
  return `${name} is not valid.`;
}

const characters = (count: unknown) => plural(Number(count), 'character');
