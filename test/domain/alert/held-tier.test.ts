import { describe, expect, test } from 'vitest';
import { heldTier } from '#app/domain/alert/held-tier.ts';
import { evaluateSlo } from '#app/domain/slo/evaluate.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { hourMs, minuteMs } from '#app/domain/slo/series.ts';
import { anSlo, filled, monday } from '../slo/make.ts';

const slo = anSlo();
const profile = defaultProfile(slo.period);
const last = (minutes: number, of: { bad: number; total: number } | null) =>
  evaluateSlo({
    slo,
    profile,
    series: filled(monday - 72 * hourMs, monday, (at) =>
      at >= monday - minutes * minuteMs ? of : { bad: at >= monday - 100 * minuteMs ? 100 : 0, total: 1000 },
    ),
    at: monday,
  });

describe('the tier an alert stands at', () => {
  test('rises at once and stays while it burns', () => {
    const burning = last(10, { bad: 100, total: 1000 });
    expect(heldTier(null, burning, profile)).toBe('page-fast');
    expect(heldTier('ticket-slow', burning, profile)).toBe('page-fast');
    expect(heldTier('page-fast', burning, profile)).toBe('page-fast');
  });

  test('eases to what still fires once known minutes prove the tier quiet', () => {
    const cured = last(6, { bad: 0, total: 1000 });
    expect(cured.tier).toBe('page-slow');
    expect(heldTier('page-fast', cured, profile)).toBe('page-slow');
    const longCured = last(35, { bad: 0, total: 1000 });
    expect(longCured.tier).toBe('ticket-fast');
    expect(heldTier('page-slow', longCured, profile)).toBe('ticket-fast');
  });

  test('holds while the quiet is only missing data or missing traffic', () => {
    const missing = last(4, null);
    expect(missing.condition).toBe('ok');
    const silent = last(6, { bad: 0, total: 0 });
    expect(silent).toMatchObject({ condition: 'no-traffic', tier: 'page-slow' });
    expect(heldTier('page-fast', silent, profile)).toBe('page-fast');
    const blind = last(10, null);
    expect(heldTier('page-fast', blind, profile)).toBeUndefined();
  });

  test('one quiet minute among unknown ones is no proof', () => {
    const series = filled(monday - 6 * hourMs, monday, (at) => {
      if (at >= monday - 5 * minuteMs) return at === monday - minuteMs ? { bad: 0, total: 1000 } : null;
      return { bad: 100, total: 1000 };
    });
    const evaluation = evaluateSlo({ slo, profile, series, at: monday });
    expect(evaluation.windows['5m']).toMatchObject({ burn: 0, coverage: 0.2 });
    expect(heldTier('page-fast', evaluation, profile)).toBe('page-fast');
  });

  test('lets go when nothing at all was asked for in the whole long window', () => {
    const series = filled(monday - 72 * hourMs, monday, (at) => ({
      bad: 0,
      total: at >= monday - 61 * minuteMs ? 0 : 3,
    }));
    expect(heldTier('page-fast', evaluateSlo({ slo, profile, series, at: monday }), profile)).toBeNull();
  });
});
