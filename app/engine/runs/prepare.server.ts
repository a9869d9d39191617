import type { Incident } from '../../domain/incident/incident.ts';
import type { Tx } from '../../platform/db.server.ts';
import { insertRun, sameOpenRun } from '../../stores/run/open-run.server.ts';
import { resolveInputs } from '../../stores/run/resolve-inputs.server.ts';
import type { EngineDeps } from './deps.ts';
import { told } from './told.server.ts';

/** Opens an incident's runbook as a prepared run; a second call finds the first one's. */
export async function prepareForIncident(deps: EngineDeps, incident: Incident): Promise<string | null> {
  const catalog = await deps.catalog();
  const runbook = catalog?.runbooks.find((one) => one.slug === incident.runbook);
  if (!catalog || !runbook || runbook.steps.length === 0) return null;
  return deps.db.transaction().execute(async (tx) => {
    const known =
      (await sameOpenRun(tx, { template: runbook.slug, incidentId: incident.id, inputs: null })) ??
      (await overFor(tx, runbook.slug, incident));
    if (known !== null) return known;
    const service = incident.service ?? runbook.service;
    const inputs = await resolveInputs(tx, runbook.inputs, {}, { incidentId: incident.id, service });
    const id = await insertRun(tx, deps.send, {
      template: runbook.slug,
      title: runbook.title,
      state: 'prepared',
      service,
      incidentId: incident.id,
      inputs,
      steps: runbook.steps,
      digest: runbook.digest,
      source: runbook.file,
      openedBy: 'engine',
      openedAt: deps.clock.now(),
    });
    await told(deps, tx, { id });
    return id;
  });
}

/**
 * A run of it that is over for this burn: one that a person called off, or whose steps are all done. Nobody wants it back ten
 * seconds later; when the incident burns anew, its runbook is prepared anew.
 */
async function overFor(
  tx: Tx,
  template: string,
  incident: Pick<Incident, 'id' | 'openedAt' | 'slo'>,
): Promise<string | null> {
  const { burning } = await tx
    .selectFrom('alert')
    .select((eb) => eb.fn.max('opened_at').as('burning'))
    .where('incident_id', '=', incident.id)
    .where('slo', '=', incident.slo ?? '')
    .executeTakeFirstOrThrow();
  const row = await tx
    .selectFrom('run')
    .select('id')
    .where('template', '=', template)
    .where('incident_id', '=', incident.id)
    .where('state', 'in', ['cancelled', 'done'])
    .where('ended_at', '>=', Math.max(incident.openedAt, burning ?? 0))
    // One that ended with its incident keeps its steps as they stood.
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('run_step')
            .select('step_id')
            .whereRef('run_step.run_id', '=', 'run.id')
            .where('run_step.state', 'in', ['pending', 'planned']),
        ),
      ),
    )
    .orderBy('ended_at', 'desc')
    .executeTakeFirst();
  return row?.id ?? null;
}
