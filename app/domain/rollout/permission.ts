import { may, owns } from '../audit/permission.ts';
import type { Actor } from '../run/run.ts';
import type { RolloutDecision } from './decision.ts';
import type { RolloutSubject } from './plan.ts';

/** Decisions that only stop: they are never gated. */
const stops: readonly (RolloutDecision | 'draw')[] = ['pause', 'abort', 'cancel', 'back-again'];

/** Why a person may not draw up a rollout of `subject`, or decide this about one; null when they may. `owners` are the flag's, null where no file declares it. */
export function rollRefusal(
  actor: Pick<Actor, 'role' | 'email' | 'teams'>,
  subject: RolloutSubject,
  owners: readonly string[] | null,
  wish: RolloutDecision | 'draw',
): string | null {
  if (!may(actor.role, stops.includes(wish) ? 'run.confirm-stop' : 'run.confirm-forward')) {
    return actor.role === 'viewer' ? 'Viewers read; a responder acts.' : 'Your role does not allow this.';
  }
  if (subject.kind === 'flag' && owners === null && !stops.includes(wish)) {
    return 'No file in flags/ declares it: its owner and its safe state are not known.';
  }
  if (actor.role !== 'product') return null;
  if (subject.kind === 'revision') return 'Traffic is moved by responders.';
  return owners && owns(actor, owners)
    ? null
    : `You may act on flags you own only. It belongs to ${owners?.join(', ')}.`;
}
