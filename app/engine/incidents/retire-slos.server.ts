import { latestAlerts, updateAlert } from '../../stores/incident/alerts.server.ts';
import { lockIncidents } from '../../stores/incident/incident-writes.server.ts';
import { recordTimeline } from '../../stores/incident/timeline.server.ts';
import { createGoneFor, takenOutAfter } from '../gone-for.ts';
import type { IncidentDeps } from './deps.ts';
import { pageIncident } from './page.server.ts';
import { type PagedSlos, pagedSlos } from './paged-slos.ts';
import { settleIncident } from './settle.server.ts';

/**
 * An SLO that was taken out of the catalog is evaluated by nobody: its open alert would stand for ever, and its last figures
 * would look like today's. After two minutes the alert is closed with a line that says why, PagerDuty is told, and its
 * state is forgotten; its history stays.
 */
export function retireSlos(deps: IncidentDeps): () => Promise<void> {
  const goneFor = createGoneFor(takenOutAfter);
  return async () => {
    const catalog = await deps.catalog();
    const lost = catalog?.slos.length === 0 && catalog.problems.some(({ severity }) => severity === 'error');
    // Before the first catalog, and where none could be read, nobody has taken anything out.
    if (!catalog || lost) return;
    const known = await deps.db
      .selectFrom('slo_state')
      .select('slo')
      .union(deps.db.selectFrom('alert').select('slo').where('cleared_at', 'is', null))
      .execute();
    const declared = new Set(catalog.slos.map(({ id }) => id));
    const gone = known.map(({ slo }) => slo).filter((id) => !declared.has(id));
    const now = deps.clock.now();
    for (const slo of goneFor(gone, now)) await retire(slo, pagedSlos(catalog, []), now);
  };

  async function retire(slo: string, paged: PagedSlos, now: number): Promise<void> {
    await deps.db.transaction().execute(async (tx) => {
      await lockIncidents(tx);
      await tx.deleteFrom('slo_state').where('slo', '=', slo).execute();
      const alert = (await latestAlerts(tx, [slo])).get(slo);
      if (alert && alert.clearedAt === null) {
        await updateAlert(tx, { ...alert, clearedAt: now });
        if (alert.incidentId !== null) {
          const text = `${slo} was taken out of the catalog while its alert was open. Nobody evaluates it any more, so the alert is closed; whether it recovered is not known.`;
          await recordTimeline(tx, alert.incidentId, [
            { key: `alert/${alert.id}/retired`, at: now, kind: 'alert', text },
          ]);
          const { after } = await settleIncident(
            tx,
            alert.incidentId,
            now,
            'Resolved: nothing that is still watched burns at a page tier.',
          );
          await pageIncident(deps, tx, after, [], paged);
        }
      }
      await deps.notify('slos', tx);
      await deps.notify('incidents', tx);
    });
    deps.log.info({ slo }, 'an SLO was taken out of the catalog');
  }
}
