import { may, type Permission } from '../audit/permission.ts';
import type { ActionKind, Actor, Run, RunStep, StepState } from './run.ts';
import { after, type StepEvent } from './transitions.ts';

/** What a person may do with a step. */
export type StepOffer = 'confirm' | 'replan' | 'skip' | 'undo' | 'retry' | 'resolve';

/** The event that each offer causes: it stands on the page only in states in which the table of transitions has it. */
const events: Record<StepOffer, StepEvent> = {
  confirm: 'confirm',
  replan: 'confirm',
  skip: 'skip',
  undo: 'undo',
  retry: 'retry',
  resolve: 'decide-done',
};

/** The event that an offer causes on a step: what only waits is passed over by ending the wait. */
function offerEvent(offer: StepOffer, step: Pick<RunStep, 'kind' | 'state'>): StepEvent {
  return offer === 'skip' && isWaiting(step) ? 'end-wait' : events[offer];
}

/** True while a step of people lets time pass: it has no effect in the world that would be verified. */
export function isWaiting({ kind, state }: Pick<RunStep, 'kind' | 'state'>): boolean {
  return kind === 'people' && state === 'verifying';
}

/** What confirming a step of this kind asks for. */
export function confirmPermission(kind: ActionKind): Permission {
  if (kind === 'people') return 'run.people';
  return kind === 'forward' ? 'run.confirm-forward' : 'run.confirm-stop';
}

/** The permission behind an offer on a step. Undo goes back to what stood before, so it counts as a stop. */
export function offerPermission(offer: StepOffer, kind: ActionKind): Permission {
  if (offer === 'confirm') return confirmPermission(kind);
  return offer === 'replan' ? 'run.open' : 'run.confirm-stop';
}

/** What somebody is for an offer: `flags` are the names of those that a product person owns. */
export type Offered = Pick<Actor, 'role'> & { flags?: readonly string[] };

/** Null when an offer does not apply to the step as it stands; else why it is disabled, or `why: null` when it may be used. */
export function stepOffer(
  offer: StepOffer,
  run: Pick<Run, 'state'>,
  step: RunStep,
  actor: Offered,
  mode: 'observe' | 'shadow' | 'act',
): { why: string | null } | null {
  if (run.state === 'done' || run.state === 'cancelled') return null;
  if (after(step.state, offerEvent(offer, step)) === null) return null;
  if (offer === 'undo' && !step.undoable) return null;
  // An unknown outcome is decided by a person; retrying is one of the decisions there.
  if (offer === 'retry' && step.state === 'unknown') return null;
  const kind = step.plan?.kind ?? step.kind;
  if (!may(actor.role, offerPermission(offer, kind))) return { why: refusal(actor.role) };
  if (actor.role === 'product' && !actsOnOwn(step, actor.flags ?? [])) {
    return { why: 'You may act on flags you own only.' };
  }
  if (offer === 'skip' && leavesBehind(step)) return { why: undoFirst };
  const changes = (offer === 'confirm' || offer === 'undo') && (kind === 'stop' || kind === 'forward');
  if (changes && mode !== 'act') return { why: 'Firebreak only observes here; it changes nothing.' };
  if (offer === 'confirm' && step.plan?.refused) return { why: step.plan.refused };
  return { why: null };
}

/** Null when the run has ended; else why its cancelling is disabled, or `why: null`. Product people cancel only what they opened, until somebody else acts in it; `openedBy` is an email, `acted` the steps' people. */
export function cancelOffer(
  run: Pick<Run, 'state' | 'openedBy'> & { acted: readonly (string | null)[] },
  actor: Pick<Actor, 'role' | 'email' | 'name'>,
): { why: string | null } | null {
  if (run.state === 'done' || run.state === 'cancelled') return null;
  if (!may(actor.role, 'run.confirm-stop')) return { why: refusal(actor.role) };
  if (actor.role !== 'product') return { why: null };
  if (run.openedBy !== actor.email) return { why: 'You may cancel runs you opened only.' };
  // A run is found again by whoever presses the same: what a responder started in it is theirs to end.
  const other = run.acted.find((name) => name !== null && name !== actor.name);
  return { why: other ? `${other} acts in this run. Ask them, or a responder, to cancel it.` : null };
}

/** Said of a step that may not be passed over. */
export const undoFirst = 'What it changed still stands: undo it first. Only cancelling the whole run leaves it so.';

/**
 * True when passing a step over would leave something in the world that nobody could undo any more: a first share of
 * traffic, a flag that was written half way. A step that waits is called off by the engine, which looks for itself.
 */
export function leavesBehind(step: { state: StepState; captured: unknown; movedOn?: boolean }): boolean {
  return step.state !== 'blocked' && step.captured !== null && step.movedOn !== true;
}

/** True when a step is about one of these flags. */
export function actsOnOwn({ flag }: Pick<RunStep, 'flag'>, flags: readonly string[]): boolean {
  return flag !== null && flags.includes(flag);
}

/** Words for a role that may not do what the button does. */
export function refusal(role: Actor['role']): string {
  return role === 'viewer' ? 'Viewers read; a responder acts.' : 'Your role does not allow this.';
}
