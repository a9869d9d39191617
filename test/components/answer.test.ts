import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keptAnswer } from '#app/components/answer.ts';

const refused = { message: 'This time has passed already.' };

test('an answer outlives live data on the same page, and neither the next form nor another page', () => {
  const told = keptAnswer(null, refused, 'sent-1');
  expect(told?.answer).toBe(refused);
  const afterLiveData = keptAnswer(told, undefined, 'sent-1');
  expect(afterLiveData?.answer).toBe(refused);
  expect(keptAnswer(afterLiveData, null, 'sent-1')?.answer).toBe(refused);
  const other = { message: 'A share is a whole number from 0 to 100.' };
  expect(keptAnswer(afterLiveData, other, 'sent-2')).toEqual({ key: 'sent-2', answer: other });
  expect(keptAnswer(afterLiveData, undefined, 'sent-2')).toBeNull();
  expect(keptAnswer(null, undefined, 'sent-1')).toBeNull();
});

test('every page with a form keeps its answer so', () => {
  const routes = join(import.meta.dirname, '../../app/routes');
  const forgetful = readdirSync(routes).filter((name) =>
    readFileSync(join(routes, name), 'utf8').includes('useActionData'),
  );
  expect(forgetful).toEqual([]);
});
