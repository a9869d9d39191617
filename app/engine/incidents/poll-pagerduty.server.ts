import { name } from '../../domain/incident/pagerduty-timeline.ts';
import { errorCode } from '../../errors.ts';
import { storedPagerDuty, unresolvedPagerDuty } from '../../stores/incident/pagerduty-incidents.server.ts';
import { recordTimeline } from '../../stores/incident/timeline.server.ts';
import { inParallel } from '../in-parallel.ts';
import { applyPagerDuty } from './apply-pagerduty.server.ts';
import { messageOf, type SyncDeps, syncPagerDuty } from './sync-pagerduty.server.ts';

const atOnce = 4;

/**
 * Reads PagerDuty's open incidents (every 30 s) and takes in what changed; those we hold for open and the list no longer
 * names are read one by one. So a lost webhook costs at most one period. A failure becomes the observation's error.
 */
export async function pollPagerDuty(deps: SyncDeps): Promise<void> {
  const readAt = deps.clock.now();
  try {
    const open = await deps.pagerDuty.openIncidents();
    const listed = new Set(open.map((incident) => incident.id));
    const gone = (await unresolvedPagerDuty(deps.db)).filter((id) => !listed.has(id));
    await inParallel(open, atOnce, async (incident) => {
      const stored = await storedPagerDuty(deps.db, incident.id);
      const same = stored?.incidentId && JSON.stringify(sorted(stored.body)) === JSON.stringify(sorted(incident));
      if (!same) await syncPagerDuty(deps, incident.id, { incident, readAt });
    });
    await inParallel(gone, atOnce, async (id) => {
      await syncPagerDuty(deps, id).catch((error: unknown) => {
        if (errorCode(error) !== 'not_found') throw error;
        return forget(deps, id, readAt);
      });
    });
    await deps.observations.saw('pagerduty', 'incidents', { open: open.length }, readAt);
  } catch (error) {
    deps.log.warn({ err: error }, 'PagerDuty could not be read');
    await deps.observations.failed('pagerduty', 'incidents', messageOf(error), deps.clock.now());
  }
}

/** An incident that PagerDuty no longer knows holds nothing open; the timeline says why. */
async function forget(deps: SyncDeps, id: string, at: number): Promise<void> {
  const stored = await storedPagerDuty(deps.db, id);
  if (!stored) return;
  const incident = { ...stored.body, status: 'resolved' as const, resolvedAt: at, updatedAt: at };
  await deps.db.transaction().execute(async (tx) => {
    const { id: ours } = await applyPagerDuty(deps, tx, { incident, log: [], readAt: at });
    const text = `${name(incident)} is gone: PagerDuty no longer knows it`;
    await recordTimeline(tx, ours, [{ key: `pagerduty/${id}/gone`, at, kind: 'pagerduty', text }]);
  });
}

/** Keys in one order: jsonb keeps none. */
function sorted(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
