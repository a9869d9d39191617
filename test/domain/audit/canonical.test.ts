import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalText, canonicalValue, storable } from '#app/domain/audit/canonical.ts';

const entry = {
  seq: 1,
  at: 1_700_000_000_000,
  actor: 'ada@studio.example',
  action: 'flag.kill',
  target: 'flag/production/voiceover-v2',
  runId: 'r1',
  stepId: 's1',
  reason: null,
  before: { enabled: true },
  after: { enabled: false },
  address: null,
};

test('the order of keys does not matter, every value does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const shuffled = JSON.parse(JSON.stringify(value), (_key, inner) =>
        inner && typeof inner === 'object' && !Array.isArray(inner)
          ? Object.fromEntries(Object.entries(inner).reverse())
          : inner,
      );
      expect(JSON.stringify(canonicalValue(shuffled))).toBe(JSON.stringify(canonicalValue(value)));
    }),
  );
  const text = canonicalText(entry);
  for (const key of Object.keys(entry)) expect(canonicalText({ ...entry, [key]: 'x' })).not.toBe(text);
});

test('canonical again is the same, and nothing is left that PostgreSQL refuses', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: false }).filter(isJson), (value) => {
      const once = canonicalValue(value);
      expect(canonicalValue(once)).toEqual(once);
      const text = JSON.stringify(once);
      expect(text.includes('\\u0000')).toBe(false);
      expect(/\\ud[89a-f]/i.test(text)).toBe(false);
    }),
  );
  expect(storable('a\0b\ud800c')).toBe('a\ufffdb\ufffdc');
  expect(storable('😀')).toBe('😀');
});

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}
