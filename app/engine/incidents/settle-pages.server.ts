import type { Alert } from '../../domain/alert/alert.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { flapWithin } from '../../domain/incident/paging.ts';
import { pageSummary } from '../../domain/slo/words.ts';
import { alertsOf } from '../../stores/incident/alerts.server.ts';
import { lockIncidents, readIncident } from '../../stores/incident/incident-writes.server.ts';
import { toIncident } from '../../stores/incident/incidents.server.ts';
import type { SloState } from '../../stores/stores.ts';
import type { IncidentDeps } from './deps.ts';
import { pageIncident, whatToTell } from './page.server.ts';
import { readPageFacts } from './page-facts.server.ts';
import { pagedSlos } from './paged-slos.ts';
import type { AlertVerdict } from './verdict.ts';

/**
 * Looks again at what every standing or late incident has told, whether or not an evaluation comes: a silence that ends
 * lets its page out though the source is blind by then, and PagerDuty hears that a flapping burn is over. Repeating it
 * changes nothing. One look at all of them takes a fixed number of reads and no lock; only for those that have something
 * new to tell the lock is taken, and what is true by then is read again.
 */
export async function settlePages(deps: IncidentDeps & { states(): Promise<SloState[]> }): Promise<void> {
  const catalog = await deps.catalog();
  if (!catalog) return;
  const rows = await deps.db
    .selectFrom('incident')
    .selectAll()
    .where((eb) => eb.or([eb('status', '=', 'open'), eb('resolved_at', '>=', deps.clock.now() - flapWithin)]))
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('alert').select('alert.id').whereRef('alert.incident_id', '=', 'incident.id')),
    )
    .execute();
  if (rows.length === 0) return;
  const states = new Map((await deps.states()).map((state) => [state.slo, state]));
  const slos = pagedSlos(catalog, []);
  const at = deps.clock.now();
  const facts = await readPageFacts(
    deps.db,
    rows.map(({ id }) => id),
    at,
  );
  const lastWordsOf = (alerts: readonly Alert[]) =>
    alerts
      .filter(({ clearedAt }) => clearedAt === null)
      .flatMap((alert) => lastWords(alert, catalog, states.get(alert.slo)));
  const news = rows.map(toIncident).filter((incident) => {
    const known = facts.get(incident.id)!;
    const told = whatToTell(deps, incident, known, lastWordsOf(known.alerts), slos, at);
    return told.some(({ lines, sends }) => lines.length + sends.length > 0);
  });
  for (const { id } of news) {
    await deps.db.transaction().execute(async (tx) => {
      await lockIncidents(tx);
      const incident = await readIncident(tx, id);
      if (!incident) return;
      await pageIncident(deps, tx, incident, lastWordsOf(await alertsOf(tx, id)), slos);
    });
  }
}

/** What the last evaluation of a standing alert's SLO says, for the words of a page; at the tier where the alert stands. */
function lastWords(alert: Alert, catalog: Catalog, state: SloState | undefined): AlertVerdict[] {
  const slo = catalog.slos.find(({ id }) => id === alert.slo);
  if (!slo || !state) return [];
  const { evaluation } = state;
  const words = { summary: pageSummary(slo, evaluation, null), details: { burn_1h: evaluation.windows['1h'].burn } };
  return [{ slo, at: evaluation.at, tier: alert.tier, startedAt: null, ...words }];
}
