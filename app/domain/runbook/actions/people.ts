import { z } from 'zod';
import { type ActionFacts, burn, type Contradiction, duration, name, window, yesOrNo } from '../action-facts.ts';

/** What people do themselves, and the time that passes between. */
export const peopleActions = {
  manual: {
    summary: 'A person does it and records the outcome.',
    schema: z.strictObject({
      ask: z.string().min(1).max(2_000),
      outcomes: z
        .array(z.string().regex(/^[a-z][a-z0-9_-]*$/))
        .min(2)
        .max(8)
        .optional(),
    }),
    kind: () => 'people',
    change: false,
    leaves: false,
    inside: true,
    recovery: 'idempotent',
    outputs: ['outcome'],
    answers: ({ outcomes }): Record<string, readonly string[]> =>
      Array.isArray(outcomes) ? { outcome: outcomes.map(String) } : {},
  },
  wait: {
    summary: 'Waits for a stretch of time, until a time of day, or until an SLO burns under or over a bound.',
    schema: z.strictObject({
      for: duration.optional(),
      until: z
        .string()
        .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'This is not a time of day such as 09:00.')
        .optional(),
      slo: name.optional(),
      burn_under: burn.optional(),
      burn_over: burn.optional(),
      window: window.optional(),
      at_most: duration.optional(),
    }),
    contradiction: waitsWithoutEnd,
    kind: () => 'people',
    change: false,
    leaves: false,
    inside: true,
    recovery: 'idempotent',
    outputs: ['answer'],
    answers: () => ({ answer: yesOrNo }),
  },
} as const satisfies Record<string, ActionFacts>;

/** A wait ends by a time: `for`, `until`, or `at_most` where it waits for an SLO. */
function waitsWithoutEnd(input: Record<string, unknown>): Contradiction | null {
  const given = (field: string) => input[field] !== undefined;
  if (given('slo')) {
    if (!given('burn_under') && !given('burn_over'))
      return { field: 'slo', message: 'Nothing says which burn it waits for.', hint: 'Add burn_under or burn_over.' };
    if (!given('at_most'))
      return { field: null, message: 'This waits without an end.', hint: 'Add at_most: 1h, when it gives up.' };
    if (given('until'))
      return { field: 'until', message: 'until is for a wait without an SLO.', hint: 'Write at_most: instead.' };
    return null;
  }
  const stray = ['burn_under', 'burn_over', 'window', 'at_most'].find(given);
  if (stray) return { field: stray, message: `${stray} is for a wait for an SLO.`, hint: 'Add slo, or remove it.' };
  if (given('for') && given('until'))
    return { field: 'until', message: 'for and until are two ends.', hint: 'Keep one of them.' };
  if (!given('for') && !given('until'))
    return { field: null, message: 'This waits without an end.', hint: 'Add for: 10m, until: 09:00, or an SLO.' };
  return null;
}
