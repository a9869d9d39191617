import type { Change } from '../domain/change/change.ts';
import type { BurnPoint } from '../domain/slo/evaluation.ts';
import { BurnChart } from './burn-chart/burn-chart.tsx';
import { Figures } from './figures.tsx';
import { chartMarks } from './incident/marks.ts';
import { PageReasons } from './incident/page-reasons.tsx';
import type { SloView } from './incident/view.ts';
import { SloSentence } from './slo-sentence.tsx';
import { Empty } from './ui/empty.tsx';

/** Ranges of the SLO page's chart; a point stands for `step` ms, so that a drawing has at most 360. */
export const sloRanges = [
  { name: '2h', minutes: 120, step: 60_000 },
  { name: '6h', minutes: 360, step: 60_000 },
  { name: '1d', minutes: 1_440, step: 300_000 },
  { name: '3d', minutes: 4_320, step: 900_000 },
] as const;

/** An SLO's sentence, figures, chart with its range, and windows. */
export function SloHero({
  page,
}: {
  page: {
    view: SloView;
    points: BurnPoint[];
    chart: { from: number; to: number; step: number };
    changes: Change[];
    range: string;
  };
}) {
  const { slo, evaluation } = page.view;
  if (!evaluation) {
    return (
      <section className="panel">
        <Empty title="Not evaluated yet">
          The engine evaluates every SLO each minute once its source has been read.
        </Empty>
      </section>
    );
  }
  return (
    <section className="panel" aria-label="How it does">
      <SloSentence view={page.view} evaluation={evaluation} />
      <Figures evaluation={evaluation} slo={slo} />
      <nav className="tabs border-t border-line" aria-label="Range of the chart">
        {sloRanges.map((each) => (
          <a
            key={each.name}
            className="tab"
            href={`?range=${each.name}`}
            aria-current={each.name === page.range || undefined}
          >
            {each.name}
          </a>
        ))}
      </nav>
      <BurnChart
        title={`Burn rate of ${slo.title}`}
        slo={slo}
        objective={slo.objective}
        points={page.points}
        from={page.chart.from}
        to={page.chart.to}
        step={page.chart.step}
        threshold={evaluation.factor}
        marks={chartMarks({ changes: page.changes, pagedAt: null, runs: [] })}
        dataTo={evaluation.dataTo}
      />
      <PageReasons
        main={page.view}
        evaluation={evaluation}
        standing={evaluation.tier}
        open={evaluation.tier !== null}
      />
    </section>
  );
}
