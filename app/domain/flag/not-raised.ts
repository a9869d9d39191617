import { exposePlan } from './expose-plan.ts';
import { effectiveExposure, exposureShare } from './exposure.ts';
import type { FlagEnvironmentState } from './flag.ts';

/** The share that stands ("25 %", "5–100 %") where setting `percent` would take it from some or give it to nobody more; null where it only raises it. */
export function notRaised(state: FlagEnvironmentState, percent: number): string | null {
  const before = effectiveExposure(state);
  const after = effectiveExposure(exposePlan(state, { percent, variants: null }).after);
  const loses = after.percent < before.percent || after.most < before.most;
  const gains = after.percent > before.percent || after.most > before.most;
  return loses || !gains ? exposureShare(before) : null;
}
