import type { ActionFacts } from './action-facts.ts';
import { endpointActions } from './actions/endpoints.ts';
import { flagActions } from './actions/flags.ts';
import { githubActions } from './actions/github.ts';
import { pagerDutyActions } from './actions/pagerduty.ts';
import { peopleActions } from './actions/people.ts';
import { readActions } from './actions/reads.ts';
import { trafficActions } from './actions/traffic.ts';

/** The closed catalogue of runbook actions. There is no shell among them. */
export const actions = {
  ...readActions,
  ...flagActions,
  ...trafficActions,
  ...peopleActions,
  ...pagerDutyActions,
  ...endpointActions,
  ...githubActions,
} as const satisfies Record<string, ActionFacts>;

export type ActionName = keyof typeof actions;

/** All names of the catalogue, in the order of `actions`. */
export const actionNames = Object.keys(actions) as [ActionName, ...ActionName[]];

/** Facts of an action, null for a name outside the catalogue. */
export function actionFacts(uses: string): ActionFacts | null {
  return Object.hasOwn(actions, uses) ? actions[uses as ActionName] : null;
}

/** True for an action that writes nothing outside Firebreak: it may be done where Firebreak only observes. */
export function staysInside(uses: string): boolean {
  return actionFacts(uses)?.inside === true;
}
