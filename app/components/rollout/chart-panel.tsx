import type { RolloutEntry } from '../../domain/rollout/rollout.ts';
import { paths } from '../../paths.ts';
import { BurnChart } from '../burn-chart/burn-chart.tsx';
import { Panel } from '../ui/panel.tsx';
import { ExposureStrip } from './exposure-strip.tsx';
import type { RolloutChart } from './view.ts';

/** The share that was set, over the burn of the SLO that guards it, on one time axis. */
export function ChartPanel({ chart, entries }: { chart: RolloutChart; entries: RolloutEntry[] }) {
  const { slo, title, ...drawn } = chart;
  const { from, to } = drawn;
  const marks = entries.flatMap(({ at, percent }) =>
    percent === null ? [] : [{ at, kind: 'run' as const, label: percent === 0 ? 'rolled back' : `${percent} %` }],
  );
  return (
    <Panel
      title={marks.length > 0 ? 'Share over burn' : 'Burn before the first step'}
      aside={
        <a className="link" href={paths.slo(slo)}>
          {slo}
        </a>
      }
    >
      {marks.length > 0 && (
        <div className="chart-wrap">
          <ExposureStrip entries={entries} from={from} to={to} />
        </div>
      )}
      <BurnChart {...drawn} marks={marks} title={`Burn of ${title}`} />
    </Panel>
  );
}
