import { owns } from '../audit/permission.ts';
import type { Actor } from '../run/run.ts';
import type { Rollout } from './rollout.ts';

type Asked = Pick<Rollout, 'plan' | 'stage' | 'approvals' | 'openedBy' | 'actsFor'>;

/** True while the present stage still needs the word of somebody whom its plan names: of somebody else than who drew it up or answers for its steps. */
export function needsApproval(rollout: Asked): boolean {
  if (rollout.plan.stages[rollout.stage]!.approve.length === 0) return false;
  const given = rollout.approvals[rollout.stage];
  return !given || (given.email !== undefined && answersFor(rollout, given.email));
}

/** Why this person's word does not approve the present stage; null when it does. */
export function whyNotApproveStage(rollout: Asked, person: Pick<Actor, 'email' | 'role' | 'teams'>): string | null {
  const { approve } = rollout.plan.stages[rollout.stage]!;
  if (answersFor(rollout, person.email))
    return 'Whoever drew it up or answers for its steps does not approve them: somebody else does.';
  return person.role === 'admin' || owns(person, approve) ? null : `This stage is approved by ${approve.join(' or ')}.`;
}

/** True when this person drew the rollout up or answers for its steps: their word approves no stage of it. */
export function answersFor({ openedBy, actsFor }: Asked, email: string): boolean {
  return [openedBy, actsFor].some((one) => one?.email.toLowerCase() === email.toLowerCase());
}
