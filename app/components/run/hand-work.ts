import type { Catalog } from '../../domain/catalog.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { type HandWork, handWork } from '../../domain/run/commands/by-hand.ts';
import type { Run, RunStep } from '../../domain/run/run.ts';
import { isTemplate, templateRun } from '../../domain/run/templates.ts';
import type { Scope } from '../../domain/runbook/expressions.ts';
import { parseRunbook } from '../../domain/runbook/parse.ts';
import type { RunbookInput, StepDefinition } from '../../domain/runbook/runbook.ts';
import { incidentValues, serviceValues } from '../../domain/runbook/scope-values.ts';

/**
 * What a person does by hand, by step: the commands of its plan where it has one, else those that follow from its file, with what
 * the run knows by now. `file` is the runbook as the run was opened with it; null for a built-in run.
 */
export function handWorkOf(
  run: Run,
  file: { path: string; text: string } | null,
  catalog: Pick<Catalog, 'flags' | 'services' | 'endpoints'>,
  incident: Incident | null,
): Record<string, HandWork> {
  const { steps: definitions, inputs } = definitionsOf(run, file);
  const known = { scope: scopeOf(run, catalog, incident), inputs };
  const all = run.steps.map((step) => {
    const definition = definitions.find(({ id }) => id === step.id);
    const work = handWork(step.uses, definition?.with ?? {}, { catalog, service: run.service, known });
    return [step.id, withPlan(step, work)] as const;
  });
  return Object.fromEntries(all);
}

/** The plan knows the world: its commands are exact. The readings around them stay. */
function withPlan({ plan }: RunStep, work: HandWork): HandWork {
  if (!plan || plan.commands.length === 0) return work;
  return { say: [plan.title], commands: plan.commands };
}

function definitionsOf(
  run: Run,
  file: { path: string; text: string } | null,
): { steps: StepDefinition[]; inputs: RunbookInput[] } {
  if (file) return parseRunbook(file.text, file.path);
  const made = isTemplate(run.template) ? templateRun(run.template, run.inputs) : null;
  return { steps: made?.ok ? made.run.steps : [], inputs: [] };
}

function scopeOf(run: Run, catalog: Pick<Catalog, 'services'>, incident: Incident | null): Scope {
  const ended = run.steps.filter(({ state }) => state === 'succeeded' || state === 'skipped');
  const steps = Object.fromEntries(ended.map(({ id, result, outputs }) => [id, { result, outputs }]));
  const service = catalog.services.find(({ id }) => id === (run.service ?? incident?.service));
  return {
    inputs: run.inputs,
    steps,
    incident: incident && incidentValues(incident),
    service: service ? serviceValues(service) : null,
  };
}
