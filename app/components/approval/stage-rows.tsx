import type { Rollout } from '../../domain/rollout/rollout.ts';
import { paths } from '../../paths.ts';
import { OutcomeChip } from '../run/approvals-panel.tsx';
import { Chip } from '../ui/chip.tsx';
import { tight } from '../ui/tight.ts';
import { Age, Time } from '../ui/time.tsx';

/** A rollout whose next stage waits for a word: what it would set, for whom it waits, who drew it up; `mine` leads to where the word is given. */
export function WaitingStageRow({ rollout, mine }: { rollout: Rollout; mine: boolean }) {
  const { id, stage, plan, openedBy, openedAt, shadow } = rollout;
  const href = mine ? `${paths.rollout(id)}#decide` : paths.rollout(id);
  return (
    <article className="row plain waiting">
      <div className="grid gap-2 min-w-0">
        <a className="row-title hover:underline" href={href}>
          {titleOf(rollout)}
        </a>
        <p className="row-detail">
          Stage {stage + 1} of {plan.stages.length} of a rollout. <WaitsSince rollout={rollout} />
          {shadow && ' In shadow: it changes nothing.'}
        </p>
        <p className="row-detail">
          {openedBy.name} drew it up <Time at={openedAt} />.
        </p>
      </div>
      <div className="acts">
        <Chip tone="warn">waits</Chip>
        <a className={mine ? 'btn go' : 'btn quiet'} href={href}>
          {mine ? 'Read and approve' : 'Read the rollout'}
        </a>
      </div>
    </article>
  );
}

/** The same for whoever drew it up or answers for it: others give the word. */
export function AskedStageRow({ rollout }: { rollout: Rollout }) {
  return (
    <a className="row plain" href={paths.rollout(rollout.id)}>
      <span>
        <span className="row-title block">{titleOf(rollout)}</span>
        <span className="row-detail block">
          <WaitsSince rollout={rollout} />
        </span>
      </span>
      <OutcomeChip outcome={null} />
    </a>
  );
}

function titleOf({ title, plan, stage }: Rollout): string {
  return `${title}: ${tight(`${plan.stages[stage]!.percent} %`)}`;
}

function WaitsSince({ rollout: { held } }: { rollout: Rollout }) {
  if (!held) return null;
  return (
    <>
      Held <Age at={held.since} />: {tight(held.text)}
    </>
  );
}
