import { type Endpoint, endpointRole } from '../domain/endpoint/endpoint.ts';
import { actionFacts } from '../domain/runbook/actions.ts';
import type { ActionContext } from './action.ts';

/** The declared endpoint that a step names; a sentence where there is none of that name, or where it is declared for something else. */
export function endpointOf({ catalog, step, input }: ActionContext): Endpoint | string {
  const { field, uses } = actionFacts(step.uses)!.endpoint!;
  const name = input[field];
  const found = catalog.endpoints?.find((one) => one.name === name);
  if (!found) return `The catalog declares no endpoint "${name}": nothing else is ever called.`;
  if (uses.includes(found.use)) return found;
  return `The endpoint "${name}" is ${endpointRole(found.use)}; this step needs ${uses.map(endpointRole).join(' or ')}.`;
}

/** Where an endpoint of this catalog may be. */
export function scopeOf({ catalog }: ActionContext) {
  return { hosts: catalog.hosts ?? [] };
}
