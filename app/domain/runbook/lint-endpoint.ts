import { type Endpoint, endpointRole } from '../endpoint/endpoint.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { actionFacts } from './actions.ts';
import type { StepDefinition } from './runbook.ts';

/** What is wrong with the endpoint that a step names; null when it names none, or when an expression decides. */
export function wrongEndpoint(
  step: StepDefinition,
  endpoints: readonly Pick<Endpoint, 'name' | 'use'>[],
): { field: string; message: string; hint: string | null } | null {
  const asked = actionFacts(step.uses)?.endpoint;
  if (!asked) return null;
  const { field, uses } = asked;
  const name = step.with[field];
  if (typeof name !== 'string' || name.includes('${{')) return null;
  const found = endpoints.find((one) => one.name === name);
  if (found && uses.includes(found.use)) return null;
  const fitting = endpoints.filter(({ use }) => uses.includes(use)).map((one) => one.name);
  const hint = didYouMean(name, fitting) ?? 'Declare it in the Organisation: spec.endpoints.';
  const message = found
    ? `The endpoint "${name}" is ${endpointRole(found.use)}, and ${step.uses} needs ${uses.map(endpointRole).join(' or ')}.`
    : `There is no endpoint "${name}".`;
  return { field, message, hint };
}
