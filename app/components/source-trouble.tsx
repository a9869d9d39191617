import { blindFrom, isBlindCondition } from '../domain/slo/blindness.ts';
import { systemOf } from '../domain/slo/data-source.ts';
import type { SloView } from './incident/view.ts';
import { Chip } from './ui/chip.tsx';
import { useTicking } from './ui/clock.tsx';
import { Elapsed } from './ui/time.tsx';

/** Why the figures of an SLO are not from now (`now` in ms): its source fails, has no data, or nobody has evaluated it lately. */
export function troubleOf(view: SloView, now: number): 'failing' | 'no-data' | 'not-evaluated' | 'none' {
  const { evaluation, error, slo } = view;
  if (error !== null) return 'failing';
  if (evaluation && isBlindCondition(evaluation.condition)) return 'no-data';
  return evaluation && now >= blindFrom(evaluation, slo.settle) ? 'not-evaluated' : 'none';
}

/** The same on a page that stays open: figures that nobody renews grow old by themselves. */
export function useTrouble(view: SloView): ReturnType<typeof troubleOf> {
  return useTicking((now) => troubleOf(view, now));
}

/** What is wrong with the source, and how old the figures are; nothing when it answers. */
export function SourceTrouble({ view }: { view: SloView }) {
  const trouble = useTrouble(view);
  const { evaluation, error, slo } = view;
  if (!evaluation || trouble === 'none') return null;
  return (
    <p className="mb-2">
      <Chip tone="warn" wrap>
        {trouble === 'failing' && `${systemOf(slo)} does not answer: ${error}`}
        {trouble === 'no-data' && `${systemOf(slo)} answers, but gives no new data`}
        {trouble === 'not-evaluated' && 'Nobody evaluates this: Firebreak’s engine is late or does not run'}
        {evaluation.dataTo !== null && (
          <>
            {' '}
            · last known figures, <Elapsed since={evaluation.dataTo} /> old
          </>
        )}
      </Chip>
    </p>
  );
}
