import { may } from '../audit/permission.ts';
import type { ApprovalRequest } from './approval.ts';
import { type Gate, whyNotApprove } from './gate.ts';
import { refusal } from './offers.ts';
import type { Actor, RunStep } from './run.ts';

/** What stands between a step's plan and its effect, and who was asked. */
export interface StepGate {
  gate: Gate;
  /** The request that waits; null when nobody asks. */
  request: ApprovalRequest | null;
}

/** What a person may do at a gate: null where it does not apply, else why it is disabled, or `why: null`. */
export interface GateOffers {
  approve: { why: string | null } | null;
  reject: { why: string | null } | null;
  withdraw: { why: string | null } | null;
  breakGlass: { why: string | null } | null;
}

/** The offers of a gate to one person. `request` offers stand while somebody asks, breaking the glass as long as the gate is not open. */
export function gateOffers(
  { gate, request }: StepGate,
  step: Pick<RunStep, 'state' | 'plan'>,
  person: Actor,
  mode: 'observe' | 'shadow' | 'act',
): GateOffers {
  const observing = mode === 'act' ? null : 'Firebreak only observes here; it changes nothing.';
  const asked = step.state === 'awaiting-approval' ? request : null;
  const mine = asked?.requester.email.toLowerCase() === person.email.toLowerCase();
  const cannot = asked && whyNotApprove(gate.rules, person, asked.requester, []);
  const twice = asked?.approvals.some(({ actor }) => actor.email.toLowerCase() === person.email.toLowerCase());
  const frozen = gate.state === 'frozen' ? `${gate.why} Approve it when the freeze has ended.` : null;
  const glass = gate.state !== 'open' && (step.state === 'planned' || asked) && step.plan?.refused === null;
  return {
    approve:
      asked && (mine && cannot ? null : { why: twice ? 'You have approved this.' : (cannot ?? frozen ?? observing) }),
    reject: asked && !cannot ? { why: observing } : null,
    withdraw: mine ? { why: observing } : null,
    breakGlass: glass ? { why: may(person.role, 'run.break-glass') ? observing : refusal(person.role) } : null,
  };
}

/** Why confirming is disabled at a gate; null where it is not, or asks for approval. */
export function whyNotConfirm(gate: Pick<Gate, 'state' | 'why'> | null): string | null {
  return gate?.state === 'frozen' ? gate.why : null;
}

/** True when this person's yes to what waits would count now. */
export function waitsFor(person: Actor, { gate, request }: { gate: Gate; request: ApprovalRequest }): boolean {
  return (
    whyNotApprove(
      gate.rules,
      person,
      request.requester,
      request.approvals.map(({ actor }) => actor),
    ) === null
  );
}

/** Who looks at a gated run. */
export interface GateViewer {
  person: Actor;
  /** By step. */
  gates: Record<string, StepGate>;
}
