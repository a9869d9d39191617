import { latestEffect } from '../../domain/incident/main-place.ts';
import type { SloEvaluation } from '../../domain/slo/evaluation.ts';
import { burnText, countText, shareText } from '../../domain/slo/figures.ts';
import { BurnChart } from '../burn-chart/burn-chart.tsx';
import { Chip } from '../ui/chip.tsx';
import { Tile } from '../ui/tile.tsx';
import { Elapsed, Time } from '../ui/time.tsx';
import { windowWords } from '../window-words.ts';
import { budgetMinutes } from './budget-minutes.ts';
import { heroWords, speakingTier } from './hero-words.ts';
import { chartMarks } from './marks.ts';
import { PageReasons } from './page-reasons.tsx';
import type { IncidentView, SloView } from './view.ts';
import { Words } from './words.tsx';

/** How bad and until when: one sentence, the figures behind it, the burn with the changes on it, and why it pages. */
export function Hero({ view, main }: { view: IncidentView; main: SloView & { evaluation: SloEvaluation } }) {
  const { evaluation, slo } = main;
  const tier = speakingTier(main.tiers, evaluation);
  const long = evaluation.windows[tier?.long ?? '1h'];
  const short = evaluation.windows[tier?.short ?? '5m'];
  const words = heroWords(evaluation, slo, short);
  const stale = evaluation.condition === 'stale' || evaluation.condition === 'no-data' || main.error !== null;
  return (
    <section className={stale ? 'panel stale' : 'panel'} aria-label="How bad it is">
      <div className="say">
        {stale && (
          <p className="mb-2">
            <Chip tone="warn" wrap>
              {main.error ? `Cloud Monitoring does not answer: ${main.error}` : (evaluation.reason ?? 'no new data')}
              {evaluation.dataTo !== null && (
                <>
                  {' '}
                  · last known figures, <Elapsed since={evaluation.dataTo} /> old
                </>
              )}
            </Chip>
          </p>
        )}
        <p className="say-sentence">
          <Words parts={words.sentence} />
        </p>
        {words.sub.length > 0 && (
          <p className="say-sub">
            <Words parts={words.sub} />
          </p>
        )}
      </div>
      <div className="tiles">
        <Tile
          label="Budget left"
          value={evaluation.period.budgetRemaining === null ? 'unknown' : shareText(evaluation.period.budgetRemaining)}
          note={budgetMinutes(slo)}
        />
        <Tile
          label={`Last ${windowWords(long.window)}`}
          value={burnText(long.burn)}
          note={`${(long.burn ?? 0) >= evaluation.factor * (1 - 1e-9) ? 'over' : 'under'} ${burnText(evaluation.factor)}`}
        />
        <Tile
          label={`Last ${windowWords(short.window)}`}
          value={burnText(short.burn)}
          note={`${countText(short.bad)} of ${countText(short.total)}`}
        />
        <Tile
          label="Coverage"
          value={shareText(long.coverage)}
          note={
            evaluation.dataTo === null ? (
              'no data yet'
            ) : (
              <>
                to <Time at={evaluation.dataTo} />
              </>
            )
          }
        />
      </div>
      <BurnChart
        title={`Burn rate of ${slo.title}`}
        objective={slo.objective}
        points={view.points}
        from={view.chart.from}
        to={view.chart.to}
        threshold={evaluation.factor}
        marks={chartMarks(view)}
        changedAt={latestEffect(view.runs)}
        dataTo={evaluation.dataTo}
      />
      <PageReasons main={main} resolved={view.incident.status === 'resolved'} />
    </section>
  );
}
