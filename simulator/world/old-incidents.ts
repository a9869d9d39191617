import type { Harm } from './harm.ts';
import { expectedRequests, type ServiceProfile } from './profile.ts';
import { sequence } from './random.ts';

const dayMs = 86_400_000;
const monthMinutes = 43_200;

/**
 * The bad hours of the month before `worldStart`: one about to age out of a 30-day window and one of last week
 * or the week before, so that budgets stand at 40 to 85 % used, at whatever hour the world begins. None is younger than
 * five days.
 */
export function oldIncidents(seed: string, profile: ServiceProfile, worldStart: number): Harm[] {
  const next = sequence(seed, profile.service.id, 'old-incidents');
  const errors = [
    { age: 26.6 + next() * 2, share: 0.3 + next() * 0.14, kind: 'errors' as const },
    { age: 8 + next() * 6, share: 0.08 + next() * 0.1, kind: 'errors' as const },
    { age: 14 + next() * 8, share: 0.1 + next() * 0.15, kind: 'slow' as const },
  ];
  return errors.map(({ age, share, kind }) => {
    const budget = kind === 'errors' ? profile.errorBudget : profile.slowBudget;
    const from = Math.round((worldStart - age * dayMs) / 60_000) * 60_000;
    // Of the month's mean minutes: at most three requests failing in ten, for as long as that takes. An hour of the busy
    // afternoon has more of them than one of the night.
    const lost = share * budget * monthMinutes;
    const least = 35 + next() * 30;
    let minutes = 0;
    let asked = 0;
    for (; minutes < least || 0.3 * asked < lost; minutes++)
      asked += expectedRequests(profile, from / 60_000 + minutes) / profile.perMinute;
    return {
      service: profile.service.id,
      from,
      to: from + minutes * 60_000,
      flag: null,
      sparedBy: null,
      revision: null,
      failShare: kind === 'errors' ? lost / asked : 0,
      // Of slowed requests about half exceed the limit.
      slowShare: kind === 'slow' ? Math.min(1, (lost / asked) * 2) : 0,
      failures: [{ code: 503, weight: 1, message: 'connection pool exhausted: 50 of 50 in use' }],
    };
  });
}
