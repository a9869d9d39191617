import type { Rollout } from '../../domain/rollout/rollout.ts';
import { standingWords } from '../../domain/rollout/words.ts';
import { paths } from '../../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { tight } from '../ui/tight.ts';
import { Time } from '../ui/time.tsx';
import { stateChip } from './state.ts';

/** Rollouts as rows that lead to their pages. */
export function RolloutRows({ rollouts }: { rollouts: Rollout[] }) {
  return rollouts.map((rollout) => {
    const { tone, text } = stateChip(rollout);
    const { id, title, openedAt, openedBy, stage, plan } = rollout;
    return (
      <a key={id} className="row plain" href={paths.rollout(id)}>
        <span>
          <span className="row-title">{title}</span>
          <span className="row-detail block">
            {tight(standingWords(rollout))} · stage {stage + 1} of {plan.stages.length}
          </span>
          <span className="row-detail block">
            drawn up <Time at={openedAt} /> by {openedBy.name}
          </span>
        </span>
        <Chip tone={tone}>{text}</Chip>
      </a>
    );
  });
}
