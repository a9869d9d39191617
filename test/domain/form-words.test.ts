import { expect, test } from 'vitest';
import { z } from 'zod';
import { flagWish } from '#app/domain/flag/wishes.ts';
import { inWords } from '#app/domain/form-words.ts';
import { drawWish, rolloutWish } from '#app/domain/rollout/wishes.ts';
import { runWish } from '#app/domain/run/wishes.ts';

const a = (count: number) => 'a'.repeat(count);
const ask = { intent: 'ask', environment: 'production', percent: '5' };

test.each<[z.ZodType, Record<string, string>, string]>([
  [flagWish, { ...ask, reason: a(612) }, 'The reason may have 500 characters at most; it has 612 characters now.'],
  [flagWish, { ...ask, reason: 'ab' }, 'Say in one sentence why.'],
  [flagWish, ask, 'The reason is missing.'],
  [flagWish, { intent: 'kill', environment: '' }, 'The environment is missing.'],
  [flagWish, { ...ask, percent: 'many' }, 'A share is a whole number from 0 to 100.'],
  [
    runWish,
    { intent: 'note', text: a(4_001) },
    'The note may have 4,000 characters at most; it has 4,001 characters now.',
  ],
  [
    rolloutWish,
    { intent: 'pause', epoch: '1', reason: a(501) },
    'The reason may have 500 characters at most; it has 501',
  ],
  [
    drawWish,
    { intent: 'draw', subject: 'flag a b', plan: 'typed', stages: a(2_001) },
    'The list of stages may have 2,000 characters at most',
  ],
  [
    z.object({ reason: z.string().min(3) }),
    { reason: 'a' },
    'The reason has to have 3 characters at least; it has 1 character now.',
  ],
  [flagWish, { intent: 'dance' }, 'Something in the form is not valid.'],
  [drawWish, { intent: 'draw', subject: 'x', plan: 'mine' }, 'The field “plan” is not valid.'],
  [z.object({ x: z.string().max(1) }), { x: 'ab' }, 'The field “x” may have 1 character at most'],
])('%# is said in words', (schema, sent, said) => {
  expect(schema.safeParse(sent, inWords).error?.issues[0]?.message).toContain(said);
});
