import type { Action, ActionContext } from '../../actions/action.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { interpolate, type Scope } from '../../domain/runbook/expressions.ts';
import type { StepDefinition } from '../../domain/runbook/runbook.ts';
import { AppError } from '../../errors.ts';
import { toIncident } from '../../stores/incident/incidents.server.ts';
import type { Claim } from './claim.server.ts';
import type { EngineDeps } from './deps.ts';
import { createEmit } from './emit.server.ts';
import { scopeOf } from './scope.ts';

/** A claimed step with everything its action needs. */
export interface Bound {
  claim: Claim;
  action: Action;
  definition: StepDefinition;
  context: ActionContext;
  catalog: Catalog;
  incident: Incident | null;
  scope: Scope;
  /** Expressions of `with` that have no value, as sentences; `context.input` is empty then. */
  problems: string[];
}

/** Binds a claimed step to its action. Throws AppError `bad_input` when the step cannot be read against the catalog. */
export async function bindStep(deps: EngineDeps, claim: Claim, signal: AbortSignal): Promise<Bound> {
  const { run, step, steps } = claim;
  const definition = run.steps.find((one) => one.id === step.step_id);
  const action = deps.actions.get(step.uses);
  if (!definition || !action) throw new AppError('bad_input', `This version of Firebreak has no action ${step.uses}.`);
  const catalog = await deps.catalog();
  if (!catalog) throw new AppError('unavailable', 'The catalog has not been read yet.');
  const incident = await incidentOf(deps, run.incident_id);
  const scope = scopeOf(run, steps, incident, catalog);
  const filled = interpolate(definition.with, scope);
  const context: ActionContext = {
    run: {
      id: run.id,
      incidentId: run.incident_id,
      service: run.service ?? incident?.service ?? null,
      openedBy: run.opened_by,
    },
    step: definition,
    input: filled.ok ? filled.value : {},
    catalog,
    actor: step.confirmed_by,
    outcome: step.drive.outcome ?? null,
    progress: step.drive.progress ?? null,
    now: () => deps.clock.now(),
    speed: () => deps.clock.speed(),
    emit: createEmit(deps, claim),
    signal,
    log: deps.log,
  };
  return { claim, action, definition, context, catalog, incident, scope, problems: filled.ok ? [] : filled.problems };
}

async function incidentOf(deps: EngineDeps, id: string | null): Promise<Incident | null> {
  if (id === null) return null;
  const row = await deps.db.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toIncident(row) : null;
}
