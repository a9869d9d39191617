import { missedAfter } from '../../domain/slo/blindness.ts';
import { paths } from '../../paths.ts';
import { useFreshness } from '../freshness.ts';
import { kindText } from '../kind.ts';
import { Freshly } from '../observed-panel.tsx';
import { Panel } from '../ui/panel.tsx';
import type { Dependency } from './view.ts';

/** Points are up to four minutes late by nature, ms; stale is beyond that and what an evaluation may be late. */
const staleAfter = 4 * 60_000 + missedAfter;

/** The services this one calls, and how each does. */
export function DependsOn({ dependencies }: { dependencies: Dependency[] }) {
  const oldest = dependencies.reduce<number | null>(
    (least, each) => (each.dataTo === null ? least : Math.min(least ?? each.dataTo, each.dataTo)),
    null,
  );
  const state = useFreshness({ at: oldest, error: null, errorAt: null }, staleAfter);
  return (
    <Panel
      title="Depends on"
      stale={state.state === 'stale'}
      aside={state.state === 'stale' && <Freshly state={state} />}
    >
      <dl className="pairs panel-body">
        {dependencies.map((each) => (
          <div key={each.id}>
            <dt>
              <a className="hover:underline" href={paths.service(each.id)}>
                {each.title}
              </a>
            </dt>
            <dd className={each.burning ? 'text-ember' : ''}>
              {each.burning && '▲ '}
              {each.slo === null ? `${kindText(each.kind)}, no SLO` : each.burn}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
