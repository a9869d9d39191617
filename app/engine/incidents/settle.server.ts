import type { Alert } from '../../domain/alert/alert.ts';
import { moreUrgent } from '../../domain/alert/transition.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { incidentStatus } from '../../domain/incident/status.ts';
import type { Tier } from '../../domain/slo/slo.ts';
import type { Tx } from '../../platform/db.server.ts';
import { alertsOf } from '../../stores/incident/alerts.server.ts';
import {
  leftBehind,
  readIncident,
  stillVerified,
  updateIncident,
} from '../../stores/incident/incident-writes.server.ts';
import { pagerDutyOf } from '../../stores/incident/pagerduty-incidents.server.ts';
import { recordTimeline } from '../../stores/incident/timeline.server.ts';

/**
 * Brings an incident's status and tier in line with its alerts and PagerDuty incidents, and says in its timeline what
 * ended it (`ended`, where it is not that nothing burns) and what was left behind. The caller holds the incidents' lock.
 * Returns what it was and what it is.
 */
export async function settleIncident(
  tx: Tx,
  id: string,
  at: number,
  ended?: string,
): Promise<{ before: Incident; after: Incident }> {
  const before = await readIncident(tx, id);
  if (!before) throw new Error(`incident ${id} is not stored`);
  const alerts = await alertsOf(tx, id);
  const status = incidentStatus(alerts, await pagerDutyOf(tx, id), before.level);
  const tier = alerts.filter((alert) => alert.clearedAt === null).reduce<Tier | null>(urgent, null) ?? before.tier;
  const after: Incident = {
    ...before,
    status,
    tier,
    resolvedAt: status === 'resolved' ? (before.resolvedAt ?? at) : null,
  };
  if (before.status === 'open' && status === 'resolved') {
    const text = resolvedText(before, alerts, await leftBehind(tx, id), await stillVerified(tx, id), ended);
    await recordTimeline(tx, id, [{ key: `resolved/${at}`, at, kind: 'resolve', text }]);
  }
  if (JSON.stringify(before) !== JSON.stringify(after)) await updateIncident(tx, after);
  return { before, after };
}

function urgent(most: Tier | null, { tier }: Alert): Tier {
  return most === null ? tier : moreUrgent(most, tier);
}

function resolvedText(
  { level }: Incident,
  alerts: readonly Alert[],
  left: readonly string[],
  verified: Awaited<ReturnType<typeof stillVerified>>,
  ended?: string,
): string {
  const still = alerts.filter((alert) => alert.clearedAt === null).map((alert) => alert.slo);
  const cleared = alerts.length > 0 ? `Resolved: nothing burns at a ${level} tier any more.` : 'Resolved in PagerDuty.';
  const parts = [ended ?? cleared];
  if (still.length > 0) parts.push(`Still at ticket tier: ${still.join(', ')}.`);
  for (const { title, until } of verified) {
    const by = until === null ? '' : ` until ${new Date(until).toISOString().slice(11, 16)} UTC at the latest`;
    parts.push(`Not yet proven: the verification of “${title ?? 'a change'}” still runs${by}.`);
  }
  if (left.length > 0) parts.push(`Left behind: ${left.join('; ')}.`);
  return parts.join(' ');
}
