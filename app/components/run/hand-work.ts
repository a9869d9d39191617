import type { Catalog } from '../../domain/catalog.ts';
import { type HandWork, handWork } from '../../domain/run/commands/by-hand.ts';
import type { Run, RunStep } from '../../domain/run/run.ts';
import { isTemplate, templateRun } from '../../domain/run/templates.ts';
import { interpolate, type Scope } from '../../domain/runbook/expressions.ts';
import { parseRunbook } from '../../domain/runbook/parse.ts';
import type { StepDefinition } from '../../domain/runbook/runbook.ts';

/**
 * What a person does by hand, by step: the commands of its plan where it has one, else those that follow from its file. `file`
 * is the runbook as the run was opened with it; null for a built-in run.
 */
export function handWorkOf(
  run: Run,
  file: { path: string; text: string } | null,
  catalog: Pick<Catalog, 'flags' | 'services' | 'endpoints'>,
): Record<string, HandWork> {
  const definitions = definitionsOf(run, file);
  const scope = scopeOf(run);
  const all = run.steps.map((step) => {
    const definition = definitions.find(({ id }) => id === step.id);
    const filled = interpolate(definition?.with ?? {}, scope);
    const input = filled.ok ? filled.value : (definition?.with ?? {});
    const work = handWork(step.uses, input, { catalog, service: run.service });
    return [step.id, withPlan(step, work)] as const;
  });
  return Object.fromEntries(all);
}

/** The plan knows the world: its commands are exact. The readings around them stay. */
function withPlan({ plan }: RunStep, work: HandWork): HandWork {
  if (!plan || plan.commands.length === 0) return work;
  return { say: [plan.title], commands: plan.commands };
}

function definitionsOf(run: Run, file: { path: string; text: string } | null): StepDefinition[] {
  if (file) return parseRunbook(file.text, file.path).steps;
  if (!isTemplate(run.template)) return [];
  const made = templateRun(run.template, run.inputs);
  return made.ok ? made.run.steps : [];
}

function scopeOf(run: Run): Scope {
  const ended = run.steps.filter(({ state }) => state === 'succeeded' || state === 'skipped');
  const steps = Object.fromEntries(ended.map(({ id, result, outputs }) => [id, { result, outputs }]));
  return { inputs: run.inputs, steps, incident: null, service: null };
}
