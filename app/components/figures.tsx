import type { SloEvaluation } from '../domain/slo/evaluation.ts';
import { burnText, countText, shareText } from '../domain/slo/figures.ts';
import type { BurnTier, Slo } from '../domain/slo/slo.ts';
import { budgetMinutes } from './incident/budget-minutes.ts';
import { Tile } from './ui/tile.tsx';
import { Time } from './ui/time.tsx';
import { windowWords } from './window-words.ts';

/** The figures behind the sentence, each with its unit and bound: budget, long window, short window, coverage. */
export function Figures({
  evaluation,
  slo,
  tier,
}: {
  evaluation: SloEvaluation;
  slo: Pick<Slo, 'objective' | 'period'>;
  tier: BurnTier | null;
}) {
  const long = evaluation.windows[tier?.long ?? '1h'];
  const short = evaluation.windows[tier?.short ?? '5m'];
  const over = (long.burn ?? 0) >= evaluation.factor * (1 - 1e-9);
  return (
    <div className="tiles">
      <Tile
        label="Budget left"
        value={evaluation.period.budgetRemaining === null ? 'unknown' : shareText(evaluation.period.budgetRemaining)}
        note={budgetMinutes(slo)}
      />
      <Tile
        label={`Last ${windowWords(long.window)}`}
        value={burnText(long.burn)}
        note={`${over ? 'over' : 'under'} ${burnText(evaluation.factor)}`}
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
  );
}
