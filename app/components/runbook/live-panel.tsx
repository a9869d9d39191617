import { paths } from '../../paths.ts';
import { BurnChart } from '../burn-chart/burn-chart.tsx';
import { Changes } from '../changes.tsx';
import { Figures } from '../figures.tsx';
import { FlagTable } from '../flag/table.tsx';
import { FailuresPanel } from '../incident/failures.tsx';
import { chartMarks } from '../incident/marks.ts';
import { OnCallPanel } from '../incident/on-call.tsx';
import { Revisions } from '../revisions.tsx';
import { SourceTrouble } from '../source-trouble.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import type { PanelData } from './panel-data.ts';

/** A `runbook-panel`, live. */
export function LivePanel({ data, title }: { data: PanelData; title?: string }) {
  switch (data.show) {
    case 'burn':
      return <BurnPanel data={data} title={title} />;
    case 'changes':
      return <Changes changes={data.changes} title={title} />;
    case 'failures':
      return <FailuresPanel view={data} past={data.past} />;
    case 'flag':
      return (
        <Panel title={title ?? `Flag ${data.name}`}>
          {data.flag ? (
            <FlagTable rows={[data.flag]} />
          ) : (
            <Empty title="This flag is not declared">
              <a className="link" href={paths.flag(data.name)}>
                What Unleash has of it
              </a>
            </Empty>
          )}
        </Panel>
      );
    case 'revision':
      return <Revisions read={data.reading} pinned={null} />;
    case 'oncall':
      return <OnCallPanel read={data.onCall} />;
  }
}

function BurnPanel({ data, title }: { data: Extract<PanelData, { show: 'burn' }>; title?: string }) {
  const { slo } = data;
  if (!slo?.evaluation) {
    return (
      <Panel title={title ?? 'Burn'}>
        <Empty title="Not evaluated yet">The burn stands here once the SLO has data.</Empty>
      </Panel>
    );
  }
  const { evaluation } = slo;
  return (
    <Panel title={title ?? slo.slo.title}>
      <div className="px-3.5 pt-3 empty:hidden">
        <SourceTrouble view={slo} />
      </div>
      <BurnChart
        title={`Burn rate of ${slo.slo.title}`}
        slo={slo.slo}
        objective={slo.slo.objective}
        points={data.points}
        from={data.from}
        to={data.to}
        threshold={evaluation.factor}
        marks={chartMarks({ changes: data.changes, pagedAt: null, runs: [] })}
        dataTo={evaluation.dataTo}
      />
      <Figures evaluation={evaluation} slo={slo.slo} />
    </Panel>
  );
}
