import type { SloView } from './incident/view.ts';
import { Chip } from './ui/chip.tsx';
import { Elapsed } from './ui/time.tsx';

/** True when the figures of an SLO are not from now: its source fails, or has no data. */
export function troubled(view: SloView): boolean {
  const condition = view.evaluation?.condition;
  return condition === 'stale' || condition === 'no-data' || view.error !== null;
}

/** What is wrong with the source, and how old the figures are; nothing when it answers. */
export function SourceTrouble({ view }: { view: SloView }) {
  const { evaluation, error } = view;
  if (!evaluation || !troubled(view)) return null;
  return (
    <p className="mb-2">
      <Chip tone="warn" wrap>
        {error ? `Cloud Monitoring does not answer: ${error}` : 'Cloud Monitoring answers, but gives no new data'}
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
