import type { SloEvaluation } from '../domain/slo/evaluation.ts';
import { sloTiles } from '../domain/slo/tiles.ts';
import type { SpokenSlo } from '../domain/slo/words.ts';
import { Tile } from './ui/tile.tsx';
import { Time } from './ui/time.tsx';

/** The figures behind the sentence, each with its unit and bound: budget, last hour, last 5 minutes, coverage. */
export function Figures({ slo, evaluation }: { slo: SpokenSlo; evaluation: SloEvaluation }) {
  return (
    <div className="tiles">
      {sloTiles(slo, evaluation).map((tile) => (
        <Tile
          key={tile.label}
          label={tile.label}
          value={tile.value}
          note={
            tile.to === undefined ? (
              tile.detail
            ) : (
              <>
                {tile.detail} <Time at={tile.to} />
              </>
            )
          }
        />
      ))}
    </div>
  );
}
