import type { Run } from '../../domain/run/run.ts';
import { StepView } from './step-view.tsx';
import type { RunViewer } from './viewer.ts';

/** All steps of a run, in order. */
export function RunSteps({ run, viewer }: { run: Run; viewer: RunViewer }) {
  return (
    <ol>
      {run.steps.map((step) => (
        <StepView key={step.id} run={run} step={step} viewer={viewer} />
      ))}
    </ol>
  );
}
