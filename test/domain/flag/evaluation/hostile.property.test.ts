import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readContext } from '#app/domain/flag/evaluation/context.ts';
import { explain } from '#app/domain/flag/evaluation/explain.ts';
import { readFeatures } from '#app/domain/flag/evaluation/features.ts';
import { anyContext, anyDocument } from './documents.ts';
import { sdkOver } from './sdk.ts';

// The SDK takes the machine's name when it is loaded.
const host = vi.hoisted(() => {
  process.env.HOSTNAME = 'here';
  return 'here';
});
const now = Date.parse('2026-01-01T18:00:00Z');
const sdk = sdkOver();
beforeAll(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] });
});
afterAll(() => {
  vi.useRealTimers();
});

const junk = fc.constantFrom<unknown>(
  null,
  0,
  -1,
  1e300,
  '',
  'x',
  true,
  [],
  [null],
  {},
  { a: [] },
  'constructor',
  '__proto__',
);

/** The value with one of its parts, chosen by `pick`, replaced by `by` or taken away. */
function broken(value: unknown, pick: number, by: unknown, take: boolean): unknown {
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  const root = { value: structuredClone(value) };
  const collect = (holder: Record<string, unknown>) => {
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      const part = holder[key];
      if (typeof part === 'object' && part !== null) collect(part as Record<string, unknown>);
    }
  };
  collect(root);
  const { holder, key } = places[pick % places.length]!;
  if (take && !Array.isArray(holder)) delete holder[key];
  else holder[key] = by;
  return root.value;
}

test('a document or context with a broken part is an error with a place, or answered as the real SDK does', () => {
  const tally = { refused: 0, answered: 0 };
  const change = fc.record({ inContext: fc.boolean(), pick: fc.nat(), by: junk, take: fc.boolean() });
  fc.assert(
    fc.property(anyDocument, anyContext, change, (anything, anybody, { inContext, pick, by, take }) => {
      const whole = JSON.parse(JSON.stringify([anything, { userId: 'ada', ...anybody }])) as [unknown, unknown];
      const [document, context] = whole.map((part, index) =>
        (index === 1) === inContext ? broken(part, pick, by, take) : part,
      );
      const read = readFeatures(JSON.stringify(document) ?? '', 'features.json', 'child');
      const asked = readContext(JSON.stringify(context) ?? '', 'context.json');
      const problems = [...read.problems, ...asked.problems];
      if (!read.served || !asked.context) {
        tally.refused++;
        expect(problems.length).toBeGreaterThan(0);
        for (const { line, column, message } of problems) {
          expect(Math.min(line, column)).toBeGreaterThan(0);
          expect(message).toMatch(/\.$/);
        }
        return;
      }
      tally.answered++;
      const answer = explain(read.served, 'child', { context: asked.context, now, host })!;
      if (answer.enabled === null || answer.variant === null) return;
      let theirs: unknown = null;
      try {
        theirs = sdk.ask(document, 'child', context);
      } catch {
        // Where the SDK itself would crash there is no answer to hold ours to.
        return;
      }
      expect({ enabled: answer.enabled, variant: answer.variant }).toEqual(theirs);
    }),
    { numRuns: 1500, seed: 20_260_103 },
  );
  expect(tally.refused).toBeGreaterThan(200);
  expect(tally.answered).toBeGreaterThan(200);
});
