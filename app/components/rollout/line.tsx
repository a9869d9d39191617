import type { Rollout } from '../../domain/rollout/rollout.ts';
import { standingWords } from '../../domain/rollout/words.ts';
import { paths } from '../../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { tight } from '../ui/tight.ts';
import { stateChip } from './state.ts';

/** On a flag's page: the rollout that goes on in an environment, or the way to one. */
export function RolloutLine({
  flag,
  environment,
  rollouts,
  offer,
}: {
  flag: string;
  environment: string;
  rollouts: Rollout[];
  /** This person may draw one up. */
  offer: boolean;
}) {
  const found = rollouts.find(({ target }) => target === `flag/${environment}/${flag}`);
  if (found) {
    const { tone, text } = stateChip(found);
    return (
      <div className="panel-body">
        <Chip tone={tone}>{text}</Chip>{' '}
        <a className="link" href={paths.rollout(found.id)}>
          Guarded rollout: {tight(standingWords(found))}, stage {found.stage + 1} of {found.plan.stages.length}
        </a>
      </div>
    );
  }
  if (!offer) return null;
  const query = `flag=${encodeURIComponent(flag)}&environment=${encodeURIComponent(environment)}`;
  return (
    <div className="panel-body">
      <a className="link" href={`${paths.newRollout()}?${query}`}>
        Roll it out under guard…
      </a>
    </div>
  );
}
