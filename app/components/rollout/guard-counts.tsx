import { guardsCount } from '../../domain/rollout/guard-words.ts';
import type { RolloutPlan } from '../../domain/rollout/plan.ts';
import { tight } from '../ui/tight.ts';

/** What the guards of a plan count, each once. */
export function GuardCounts({ plan }: { plan: RolloutPlan }) {
  return (
    <dl className="panel-note">
      {guardsCount(plan).map(({ guard, counts }) => (
        <div key={guard}>
          <dt className="inline font-medium">{guard}:</dt> <dd className="inline">{tight(counts)}</dd>
        </div>
      ))}
    </dl>
  );
}
