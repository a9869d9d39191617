import { latestEffect } from '../../domain/incident/main-place.ts';
import type { SloEvaluation } from '../../domain/slo/evaluation.ts';
import { BurnChart } from '../burn-chart/burn-chart.tsx';
import { Figures } from '../figures.tsx';
import { SourceTrouble, troubled } from '../source-trouble.tsx';
import { heroWords, speakingTier } from './hero-words.ts';
import { chartMarks } from './marks.ts';
import { PageReasons } from './page-reasons.tsx';
import type { IncidentView, SloView } from './view.ts';
import { Words } from './words.tsx';

/** How bad and until when: one sentence, the figures behind it, the burn with the changes on it, and why it pages. */
export function Hero({ view, main }: { view: IncidentView; main: SloView & { evaluation: SloEvaluation } }) {
  const { evaluation, slo } = main;
  const tier = speakingTier(main.tiers, evaluation);
  const words = heroWords(evaluation, slo, evaluation.windows[tier?.short ?? '5m']);
  return (
    <section className={troubled(main) ? 'panel stale' : 'panel'} aria-label="How bad it is">
      <div className="say">
        <SourceTrouble view={main} />
        <p className="say-sentence">
          <Words parts={words.sentence} />
        </p>
        {words.sub.length > 0 && (
          <p className="say-sub">
            <Words parts={words.sub} />
          </p>
        )}
      </div>
      <Figures evaluation={evaluation} slo={slo} tier={tier} />
      <BurnChart
        title={`Burn rate of ${slo.title}`}
        objective={slo.objective}
        points={view.points}
        from={view.chart.from}
        to={view.chart.to}
        threshold={evaluation.factor}
        marks={chartMarks({ changes: view.changes, pagedAt: view.incident.pagedAt, runs: view.runs })}
        changedAt={latestEffect(view.runs)}
        dataTo={evaluation.dataTo}
      />
      <PageReasons main={main} resolved={view.incident.status === 'resolved'} />
    </section>
  );
}
