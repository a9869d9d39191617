import type { Catalog } from '../../domain/catalog.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import type { Scope } from '../../domain/runbook/expressions.ts';
import { incidentValues, serviceValues } from '../../domain/runbook/scope-values.ts';
import type { RunRow, StepRow } from '../../stores/run/run-rows.ts';

const ended = new Set<StepRow['state']>(['succeeded', 'skipped', 'undone', 'failed', 'unknown']);

/** What the expressions of a run's steps may look up now. */
export function scopeOf(
  run: Pick<RunRow, 'inputs' | 'service'>,
  steps: readonly Pick<StepRow, 'step_id' | 'state' | 'result' | 'outputs'>[],
  incident: Incident | null,
  catalog: Catalog,
): Scope {
  const service = catalog.services.find((one) => one.id === (run.service ?? incident?.service));
  return {
    inputs: run.inputs,
    steps: Object.fromEntries(
      steps
        .filter((step) => ended.has(step.state))
        .map((step) => [step.step_id, { result: step.result, outputs: step.outputs }]),
    ),
    incident: incident && incidentValues(incident),
    service: service ? serviceValues(service) : null,
  };
}
