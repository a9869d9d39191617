import type { Alert } from '../alert/alert.ts';
import type { SloEvaluation } from '../slo/evaluation.ts';
import { paging } from './status.ts';

/**
 * What is known of the end of an incident's page. `elsewhere`: its own SLO let go and others (`still`) hold it;
 * `blind`: no data says whether it burns; `held`: no tier fires, yet known data has not proven it quiet; `counting`:
 * it clears once its windows empty. `theirs`: our alerts let go, and a PagerDuty incident of others keeps it open.
 */
export interface PageEnd {
  kind: 'cleared' | 'theirs' | 'elsewhere' | 'blind' | 'held' | 'counting';
  /** Ids of the other SLOs whose alerts stand at a page tier. */
  still: string[];
}

/** Whether an incident's page has ended, from its alerts: the evaluation alone cannot say, since a blind source holds them. */
export function pageEnd(
  incident: { status: 'open' | 'resolved'; slo: string | null },
  alerts: readonly Pick<Alert, 'slo' | 'tier' | 'clearedAt'>[],
  evaluation: Pick<SloEvaluation, 'tier'> | null,
  isBlind: boolean,
): PageEnd {
  if (incident.status === 'resolved') return { kind: 'cleared', still: [] };
  const standing = alerts.filter(paging).map(({ slo }) => slo);
  const still = standing.filter((slo) => slo !== incident.slo);
  if (standing.length === 0) return { kind: 'theirs', still };
  if (standing.length === still.length) return { kind: 'elsewhere', still };
  if (isBlind || !evaluation) return { kind: 'blind', still };
  return { kind: evaluation.tier?.startsWith('page') ? 'counting' : 'held', still };
}
