import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CorrectionForm, readCorrection } from '#app/domain/slo/correction-request.ts';
import { correctedSums } from '#app/domain/slo/corrections.ts';

const at = Date.UTC(2026, 10, 22, 3, 22);
const form: CorrectionForm = {
  kind: 'exclusion',
  from: '2026-11-22T03:10',
  to: '2026-11-22T03:40',
  bad: '',
  reason: 'Load test',
};
const read = (change: Partial<CorrectionForm>) => readCorrection({ ...form, ...change }, 'Europe/Berlin', at);

describe('a request', () => {
  test('is in the clock times of its zone', () => {
    expect(read({})).toEqual({
      kind: 'exclusion',
      from: Date.UTC(2026, 10, 22, 2, 10),
      to: Date.UTC(2026, 10, 22, 2, 40),
      bad: 0,
      reason: 'Load test',
    });
  });

  test('may add bad events or take them away', () => {
    expect(read({ kind: 'adjustment', bad: '1,200' })).toMatchObject({ bad: 1_200 });
    expect(read({ kind: 'adjustment', bad: '−7' })).toMatchObject({ bad: -7 });
  });

  test.each([
    [{ kind: 'x' }, 'kind'],
    [{ from: '' }, 'from'],
    [{ from: '2026-02-31T10:00' }, 'from'],
    [{ to: '2026-11-22T03:10' }, 'to'],
    [{ to: '2026-11-22T04:30' }, 'to'],
    [{ from: '2026-10-01T00:00' }, 'to'],
    [{ from: '2026-08-01T00:00', to: '2026-08-02T00:00' }, 'from'],
    [{ from: '2026-11-15T03:10', to: '2026-11-15T04:00' }, 'from'],
    [{ from: '2026-11-15T03:00', to: '2026-11-15T04:01' }, 'to'],
    [{ kind: 'adjustment', bad: '' }, 'bad'],
    [{ kind: 'adjustment', bad: '0' }, 'bad'],
    [{ kind: 'adjustment', bad: '1.5' }, 'bad'],
    [{ reason: '  ' }, 'reason'],
  ] as [Partial<CorrectionForm>, string][])('%j is refused at %s', (change, field) => {
    expect(read(change)).toMatchObject({ field });
  });

  test('never throws, whatever is typed', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('2026-11-22T03:10', '2026-03-29T02:30'));
    fc.assert(
      fc.property(fc.record({ kind: text, from: text, to: text, bad: text, reason: text }), (typed) => {
        readCorrection({ ...typed, kind: 'adjustment' }, 'Europe/Berlin', at);
      }),
    );
  });
});

describe('corrected counts', () => {
  test('leave out what is excluded and add what is adjusted', () => {
    const corrections = [
      { kind: 'exclusion' as const, bad: 50, total: 1_000 },
      { kind: 'adjustment' as const, bad: 10, total: 0 },
    ];
    expect(correctedSums({ bad: 100, total: 101_000 }, corrections)).toEqual({ bad: 60, total: 100_000 });
  });

  test('are always counts that can be', () => {
    const one = fc.record({
      kind: fc.constantFrom('exclusion' as const, 'adjustment' as const),
      bad: fc.integer({ min: 0, max: 5_000 }),
      total: fc.integer({ min: 0, max: 5_000 }),
    });
    fc.assert(
      fc.property(fc.array(one), fc.nat(1_000), fc.nat(1_000), (corrections, bad, good) => {
        const sums = correctedSums({ bad, total: bad + good }, corrections);
        expect(sums.bad).toBeGreaterThanOrEqual(0);
        expect(sums.total).toBeGreaterThanOrEqual(sums.bad);
      }),
    );
  });
});
