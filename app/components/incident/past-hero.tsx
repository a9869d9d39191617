import type { SloEvaluation } from '../../domain/slo/evaluation.ts';
import { durationText } from '../../domain/slo/figures.ts';
import { spellOf } from '../../domain/slo/spell.ts';
import { spellTiles } from '../../domain/slo/spell-tiles.ts';
import { sloTiles } from '../../domain/slo/tiles.ts';
import { BurnChart } from '../burn-chart/burn-chart.tsx';
import { useTrouble } from '../source-trouble.tsx';
import { Tile } from '../ui/tile.tsx';
import { Time } from '../ui/time.tsx';
import { chartMarks } from './marks.ts';
import { NowLine } from './now-line.tsx';
import { StillVerified } from './still-verified.tsx';
import type { IncidentView, SloView } from './view.ts';

/** An incident that is over: how long it lasted, what it cost, its burn as it was, and how the SLO does now. Nothing of it burns any more. */
export function PastHero({ view, main, evaluation }: { view: IncidentView; main: SloView; evaluation: SloEvaluation }) {
  const { incident, chart } = view;
  const { at, period } = evaluation;
  const trouble = useTrouble(main);
  const began = incident.startedAt ?? incident.openedAt;
  const ended = incident.resolvedAt ?? view.now;
  const spell = spellOf(main.slo, view.points, { from: Math.max(began, chart.from), to: ended, at, period });
  const [left] = sloTiles(main.slo, evaluation);
  return (
    <section className="panel" aria-label="How bad it was">
      <div className="say">
        <p className="say-sentence">
          It lasted {durationText(ended - began)}, until <Time at={ended} />.
        </p>
        <p className="say-sub">
          <NowLine main={main} evaluation={evaluation} />
        </p>
        <StillVerified runs={view.runs} />
      </div>
      <div className="tiles">
        {spellTiles(main.slo, spell).map((tile) => (
          <Tile
            key={tile.label}
            label={tile.label}
            value={tile.value}
            note={
              <>
                {tile.detail} {tile.to !== undefined && <Time at={tile.to} />}
              </>
            }
          />
        ))}
        {left && trouble === 'none' && <Tile label="Budget left now" value={left.value} note={left.detail} />}
      </div>
      {began < chart.from && (
        <p className="panel-note">Counted and drawn are its last {durationText(ended - chart.from)}.</p>
      )}
      <BurnChart
        title={`Burn rate of ${main.slo.title}`}
        slo={main.slo}
        objective={main.slo.objective}
        points={view.points}
        from={chart.from}
        to={chart.to}
        threshold={evaluation.factor}
        marks={chartMarks({ changes: view.changes, pagedAt: incident.pagedAt, runs: view.runs })}
        dataTo={evaluation.dataTo}
        calm
      />
    </section>
  );
}
