import { windowBurnText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import { Panel } from '../ui/panel.tsx';
import type { SloView } from './view.ts';

/** Other SLOs that burn, most often in the same incident: one cause, one page, all of them named. */
export function AlsoBurning({ others, title }: { others: SloView[]; title: string }) {
  const burning = others.filter(({ evaluation }) => evaluation?.tier || (evaluation?.windows['5m'].burn ?? 0) > 1);
  if (burning.length === 0) return null;
  return (
    <Panel title={title}>
      <dl className="pairs panel-body">
        {burning.map((each) => (
          <div key={each.slo.id}>
            <dt>
              <a className="hover:underline" href={paths.slo(each.slo.id)}>
                {each.slo.title}
              </a>{' '}
              <span className="text-dim">{each.slo.service}</span>
            </dt>
            <dd className="text-ember">
              ▲{' '}
              {each.evaluation?.condition === 'traffic-vanished'
                ? 'traffic vanished'
                : each.evaluation && windowBurnText(each.evaluation.windows['5m'], each.slo)}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
