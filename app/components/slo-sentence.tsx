import type { SloEvaluation } from '../domain/slo/evaluation.ts';
import { sloWords } from '../domain/slo/sentence.ts';
import type { SloView } from './incident/view.ts';
import { SourceTrouble, useTrouble } from './source-trouble.tsx';
import { Words } from './words.tsx';

/** The one sentence of an SLO and the line under it; above them what is wrong with the source, where something is. */
export function SloSentence({ view, evaluation }: { view: SloView; evaluation: SloEvaluation }) {
  const { sentence, sub } = sloWords(view.slo, evaluation);
  // A source that fails is said above the sentence, with the age of the figures: not twice.
  const under =
    useTrouble(view) !== 'none'
      ? sub.filter((part) => typeof part !== 'string' || part.trim() !== evaluation.reason)
      : sub;
  return (
    <div className="say">
      <SourceTrouble view={view} />
      <p className="say-sentence">
        <Words parts={sentence} />
      </p>
      {under.length > 0 && (
        <p className="say-sub">
          <Words parts={under} />
        </p>
      )}
    </div>
  );
}
