import { type Silence, silenceOf } from '../../domain/silence/silence.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { silenceableOf } from './choices.ts';

/** Until when each of these SLOs is silenced, ms; those that are not are left out. */
export function silencedUntil(
  slos: readonly Pick<Slo, 'id' | 'service' | 'indicator'>[],
  silences: readonly Silence[],
  now: number,
): Record<string, number> {
  if (silences.length === 0) return {};
  return Object.fromEntries(
    slos.flatMap((slo) => {
      const silence = silenceOf(silenceableOf(slo), silences, now);
      return silence ? [[slo.id, silence.until]] : [];
    }),
  );
}
