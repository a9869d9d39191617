import { canonicalValue } from '../audit/canonical.ts';
import type { ServiceLevelObjectiveJson } from '../slo-export/cloud-monitoring-types.ts';
import { type Difference, differences } from './differences.ts';
import { withoutDefaults } from './live-policy.ts';

/** An SLO of Cloud Monitoring that policies watch, and that is not what the file says. */
export interface WatchedSlo {
  name: string;
  /** Null when it is not there at all: then its policies would never fire. */
  differences: Difference[] | null;
}

const compared = ['goal', 'rollingPeriod', 'calendarPeriod', 'serviceLevelIndicator'] as const;

/** What is wrong with a watched SLO; null when it promises and counts what the file says. `live` null: it is not there. */
export function watchedSlo(wanted: ServiceLevelObjectiveJson, live: Record<string, unknown> | null): WatchedSlo | null {
  if (live === null) return { name: wanted.name, differences: null };
  const part = (slo: Record<string, unknown> | ServiceLevelObjectiveJson) =>
    canonicalValue(withoutDefaults(Object.fromEntries(compared.map((field) => [field, slo[field]]))));
  const found = differences(part(live), part(wanted));
  return found.length === 0 ? null : { name: wanted.name, differences: found };
}
