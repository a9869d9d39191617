import type { Catalog } from '../../domain/catalog.ts';
import type { Rollout } from '../../domain/rollout/rollout.ts';
import { answersFor } from '../../domain/rollout/stage-approval.ts';
import type { Actor } from '../../domain/run/run.ts';
import { offersOf } from '../rollout/view.ts';

/** Rollouts whose present stage waits for somebody's word, the longest first: for this person's; for others', on what this person drew up or answers for; for others', on the rest. */
export interface WaitingStages {
  mine: Rollout[];
  own: Rollout[];
  others: Rollout[];
}

/** Which of `rollouts` wait for a stage's approval, and for whom: as the offer on each one's page says. */
export function waitingStages(
  rollouts: readonly Rollout[],
  actor: Pick<Actor, 'role' | 'email' | 'teams'>,
  catalog: Pick<Catalog, 'flags'> | null,
): WaitingStages {
  const found: WaitingStages = { mine: [], own: [], others: [] };
  for (const rollout of rollouts.toSorted((a, b) => since(a) - since(b))) {
    const offer = offersOf(rollout, actor, catalog).find(({ wish }) => wish === 'approve-stage');
    if (!offer) continue;
    const whose = offer.why === null ? 'mine' : answersFor(rollout, actor.email) ? 'own' : 'others';
    found[whose].push(rollout);
  }
  return found;
}

function since({ held, stateSince }: Rollout): number {
  return held?.since ?? stateSince;
}
