import { guardsCount } from '../../domain/rollout/guard-words.ts';
import type { RolloutPlan } from '../../domain/rollout/plan.ts';
import { tight } from '../ui/tight.ts';

/** What the guards of a plan count, each once, with the filters or counters by which it does. */
export function GuardCounts({ plan }: { plan: RolloutPlan }) {
  return (
    <dl className="panel-note">
      {guardsCount(plan).map(({ guard, counts, asks }) => (
        <div key={guard}>
          <dt className="inline font-medium">{guard}:</dt> <dd className="inline">{tight(counts)}</dd>
          {asks && (
            <dd>
              <details className="fold">
                <summary>What it asks of {asks.where}</summary>
                <p className="[overflow-wrap:anywhere]">
                  all: <code>{asks.total}</code>
                </p>
                <p className="[overflow-wrap:anywhere]">
                  bad: <code>{asks.bad}</code>
                </p>
              </details>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
