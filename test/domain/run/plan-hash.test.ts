import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundText } from '#app/domain/run/plan-hash.ts';

const stop = {
  action: 'flag.kill',
  kind: 'stop',
  target: 'flag/production/a',
  before: { on: true },
  after: { on: false },
} as const;
const forward = { ...stop, action: 'flag.restore', kind: 'forward' } as const;
/** The same value with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, reversed(inner)] as const)
      .reverse(),
  );
}

describe('what a confirmation is bound to', () => {
  it('is the same whatever order keys came in, also after a round through JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, value) => {
        const plan = { ...forward, before, after: value };
        expect(boundText({ ...plan, before: reversed(before), after: reversed(value) })).toBe(boundText(plan));
        expect(boundText(JSON.parse(JSON.stringify(plan)) as typeof plan)).toBe(boundText(plan));
      }),
    );
  });

  it('of a stop is its target and after-state: the world may move under it', () => {
    expect(boundText({ ...stop, before: { on: false } }, 'etag-2')).toBe(boundText(stop, 'etag-1'));
    expect(boundText({ ...stop, after: { on: true } })).not.toBe(boundText(stop));
    expect(boundText({ ...stop, target: 'flag/production/b' })).not.toBe(boundText(stop));
  });

  it('of a forward change is the before-state and etag as well', () => {
    expect(boundText({ ...forward, before: { on: false } })).not.toBe(boundText(forward));
    expect(boundText(forward, 'etag-2')).not.toBe(boundText(forward, 'etag-1'));
  });

  it('tells a stop from a forward change that writes the same', () => {
    expect(boundText({ ...stop, kind: 'forward' })).not.toBe(boundText(stop));
  });
});
