import { periodMinutes, resolveProfile, type TierShare } from '../../domain/slo/profiles.ts';
import type { BurnProfile, SloPeriod } from '../../domain/slo/slo.ts';

/** What another setting is asked for with, as typed: an objective in per cent, a period in days (empty: as it is), a profile's name. */
export interface WhatIfForm {
  objective: string;
  days: string;
  profile: string;
}

export const whatIfDays = [1, 7, 28, 30, 90] as const;

/** A setting that can be replayed. */
export interface WhatIfSetting {
  objective: number;
  period: SloPeriod;
  profile: BurnProfile;
}

/** Reads the form from an address; fields that are not there take what is set today. */
export function readWhatIf(params: URLSearchParams, today: WhatIfForm): WhatIfForm {
  const field = (name: keyof WhatIfForm) => (params.get(name) ?? today[name]).trim().slice(0, 60);
  return { objective: field('objective'), days: field('days'), profile: field('profile') };
}

/** The setting that a form means, or what is wrong with each of its fields. `profiles` are the tiers that may be chosen, by name. */
export function whatIfSetting(
  form: WhatIfForm,
  period: SloPeriod,
  profiles: ReadonlyMap<string, readonly TierShare[]>,
): { setting: WhatIfSetting; wrong: null } | { setting: null; wrong: Partial<WhatIfForm> } {
  const wrong: Partial<WhatIfForm> = {};
  const percent = /^\d{1,2}(?:[.,]\d{1,6})?$/.test(form.objective.replace(/\s*%$/, ''))
    ? Number(form.objective.replace(/\s*%$/, '').replace(',', '.'))
    : Number.NaN;
  if (!(percent > 0 && percent < 100)) {
    wrong.objective = 'A share in per cent over 0 and under 100, with at most 6 decimals, such as 99.9.';
  }
  const days = whatIfDays.find((each) => String(each) === form.days);
  if (form.days !== '' && days === undefined) wrong.days = `One of ${whatIfDays.join(', ')} days, or as it is.`;
  const tiers = profiles.get(form.profile);
  if (!tiers) wrong.profile = `One of ${[...profiles.keys()].join(', ')}.`;
  if (!tiers || Object.keys(wrong).length > 0) return { setting: null, wrong };
  const wanted: SloPeriod = days === undefined ? period : { kind: 'rolling', days };
  const profile = resolveProfile(form.profile, tiers, periodMinutes(wanted));
  // 99.9 / 100 is not the 0.999 that a file says.
  return { setting: { objective: Number((percent / 100).toFixed(8)), period: wanted, profile }, wrong: null };
}
