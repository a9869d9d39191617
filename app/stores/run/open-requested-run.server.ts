import { decidedBy } from '../../domain/audit/audit.ts';
import { may } from '../../domain/audit/permission.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { judgingSlo } from '../../domain/run/judged.ts';
import type { Actor } from '../../domain/run/run.ts';
import { isTemplate, templateRun } from '../../domain/run/templates.ts';
import type { StepDefinition } from '../../domain/runbook/runbook.ts';
import { AppError } from '../../errors.ts';
import type { Tx } from '../../platform/db.server.ts';
import type { OpenRun } from '../stores.ts';
import { digestOf, insertRun, type NewRun, sameOpenRun } from './open-run.server.ts';
import { resolveInputs } from './resolve-inputs.server.ts';
import type { RunStoreDeps } from './runs.server.ts';
import { stillStands } from './still-stands.server.ts';

/** Opens a run for a person; see `RunStore.openRun`. Throws AppError forbidden | bad_input | not_found | unavailable. */
export async function openRequestedRun(deps: RunStoreDeps, request: OpenRun, actor: Actor): Promise<string> {
  if (!may(actor.role, 'run.open')) throw new AppError('forbidden');
  const catalog = await deps.catalog();
  if (!catalog) throw new AppError('unavailable', 'The catalog has not been read yet. Try again in a few seconds.');
  return deps.db.transaction().execute(async (tx) => {
    const service = await serviceOf(tx, request);
    const slo = judgingSlo(request.template, request.inputs, catalog, deps.environment);
    const made = isTemplate(request.template)
      ? fromTemplate(catalog, request.template, slo ? { ...request.inputs, slo } : request.inputs, service)
      : await fromRunbook(tx, catalog, request, service);
    const known = (await sameStep(tx, request, made.steps)) ?? (await sameRun(tx, request, made));
    if (known !== null) return known;
    const at = deps.clock.now();
    const run: NewRun = {
      ...made,
      template: request.template,
      state: 'open',
      incidentId: request.incidentId,
      openedBy: actor.email,
      openedAt: at,
    };
    const id = await insertRun(tx, deps.send, run);
    await deps.notify('runs', tx);
    await deps.audit(tx, {
      at,
      actor: decidedBy(actor),
      action: 'run.opened',
      target: run.template,
      runId: id,
      stepId: null,
      reason: null,
      before: null,
      after: { inputs: run.inputs, digest: run.digest },
      address: null,
    });
    return id;
  });
}

type Made = Pick<NewRun, 'title' | 'service' | 'inputs' | 'steps' | 'digest' | 'source'>;

function fromTemplate(
  catalog: Catalog,
  name: Parameters<typeof templateRun>[0],
  given: Record<string, string>,
  service: string | null,
): Made {
  const made = templateRun(name, given);
  if (!made.ok) {
    const [first] = made.problems;
    throw new AppError('bad_input', made.problems.map((problem) => problem.message).join(' '), { field: first?.input });
  }
  if (given.slo && !catalog.slos.some((slo) => slo.id === given.slo)) {
    throw new AppError('bad_input', `There is no SLO ${given.slo} in the catalog.`, { field: 'slo' });
  }
  const inputs = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const { title, steps } = made.run;
  return { title, steps, inputs, service: inputs.service ?? service, digest: digestOf(steps), source: name };
}

async function fromRunbook(tx: Tx, catalog: Catalog, request: OpenRun, service: string | null): Promise<Made> {
  const runbook = catalog.runbooks.find((one) => one.slug === request.template);
  if (!runbook) throw new AppError('not_found', `There is no runbook ${request.template}.`);
  if (runbook.steps.length === 0) throw new AppError('bad_input', 'This runbook has no steps that could be run.');
  const unknown = Object.keys(request.inputs).find((name) => !runbook.inputs.some((input) => input.name === name));
  if (unknown) throw new AppError('bad_input', `This runbook has no input ${unknown}.`, { field: unknown });
  const place = { incidentId: request.incidentId, service: service ?? runbook.service };
  const inputs = await resolveInputs(tx, runbook.inputs, request.inputs, place);
  return {
    title: runbook.title,
    steps: runbook.steps,
    inputs,
    service: place.service,
    digest: runbook.digest,
    source: runbook.file,
  };
}

/**
 * A reversal pressed on the incident page is the same run as the runbook's step: the incident's run whose next step
 * does exactly what this one-step template would do.
 */
async function sameStep(tx: Tx, request: OpenRun, steps: readonly StepDefinition[]): Promise<string | null> {
  const [wanted] = steps;
  if (!isTemplate(request.template) || request.incidentId === null || !wanted) return null;
  const rows = await tx
    .selectFrom('run')
    .innerJoin('run_step', 'run_step.run_id', 'run.id')
    .select(['run.id', 'run.steps', 'run.inputs', 'run_step.step_id', 'run_step.plan'])
    .where('run.incident_id', '=', request.incidentId)
    .where('run.state', 'in', ['prepared', 'open'])
    .where('run.template', 'not like', 'template:%')
    .where('run_step.uses', '=', wanted.uses)
    .where('run_step.state', 'in', ['planned', 'running', 'blocked', 'verifying', 'succeeded'])
    .execute();
  const asked = Object.entries(wanted.with).filter(
    ([name]) => name === 'flag' || name === 'environment' || name === 'to' || name === 'service',
  );
  for (const row of rows) {
    const step = row.steps.find((one) => one.id === row.step_id);
    const same = step && asked.every(([name, value]) => written(step.with[name], row.inputs) === value);
    if (same && (await stillStands(tx, row.id, row.step_id))) return row.id;
  }
  return null;
}

/** The open run of the same template, incident and inputs, unless what its one step did was turned back since. */
async function sameRun(tx: Tx, request: OpenRun, made: Made): Promise<string | null> {
  const { template, incidentId } = request;
  const known = await sameOpenRun(tx, { template, incidentId, inputs: made.inputs });
  const [step] = made.steps;
  if (known === null || !isTemplate(template) || !step) return known;
  return (await stillStands(tx, known, step.id)) ? known : null;
}

/** A value of `with` as the run's inputs fill it, for the one form that runbooks use: a whole `${{ inputs.x }}`. */
function written(value: unknown, inputs: Record<string, string>): unknown {
  const name = typeof value === 'string' ? /^\$\{\{\s*inputs\.([\w-]+)\s*\}\}$/.exec(value)?.[1] : undefined;
  return name === undefined ? value : inputs[name];
}

async function serviceOf(tx: Tx, request: OpenRun): Promise<string | null> {
  if (request.incidentId === null) return request.service;
  const row = await tx.selectFrom('incident').select('service').where('id', '=', request.incidentId).executeTakeFirst();
  if (!row) throw new AppError('not_found', 'There is no such incident.');
  return request.service ?? row.service;
}
