import { latestEffect } from '../../domain/incident/main-place.ts';
import type { SloEvaluation } from '../../domain/slo/evaluation.ts';
import { BurnChart } from '../burn-chart/burn-chart.tsx';
import { Figures } from '../figures.tsx';
import { SloSentence } from '../slo-sentence.tsx';
import { useTrouble } from '../source-trouble.tsx';
import { chartMarks } from './marks.ts';
import { PageReasons } from './page-reasons.tsx';
import type { IncidentView, SloView } from './view.ts';

/** How bad and until when: one sentence, the figures behind it, the burn with the changes on it, and why it pages. */
export function Hero({ view, main, evaluation }: { view: IncidentView; main: SloView; evaluation: SloEvaluation }) {
  const { slo } = main;
  const { incident } = view;
  return (
    <section className={useTrouble(main) !== 'none' ? 'panel stale' : 'panel'} aria-label="How bad it is">
      <SloSentence view={main} evaluation={evaluation} />
      <Figures evaluation={evaluation} slo={slo} />
      <BurnChart
        title={`Burn rate of ${slo.title}`}
        slo={slo}
        objective={slo.objective}
        points={view.points}
        from={view.chart.from}
        to={view.chart.to}
        threshold={evaluation.factor}
        marks={chartMarks({ changes: view.changes, pagedAt: incident.pagedAt, runs: view.runs })}
        changedAt={latestEffect(view.runs)}
        dataTo={evaluation.dataTo}
      />
      <PageReasons main={main} evaluation={evaluation} standing={incident.tier} />
    </section>
  );
}
