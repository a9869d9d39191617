import { firstShare } from '../../domain/flag/kill-notice.ts';
import { paths } from '../../paths.ts';

/** The form of a guarded rollout that brings a flag back by stages, the first of them small. */
export function backByStages(flag: string, environment: string): string {
  const query = `flag=${encodeURIComponent(flag)}&environment=${encodeURIComponent(environment)}&from=${firstShare}`;
  return `${paths.newRollout()}?${query}`;
}
