import { Form } from '@remix-run/react';
import type { ReactNode } from 'react';
import type { Run, RunStep } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import type { RunViewer } from './viewer.ts';

/** Which step of which run a form is about, and who looks at it. */
export interface StepContext {
  run: Run;
  step: RunStep;
  viewer: RunViewer;
}

/** A form that sends one wish about a step; leads back to where the step was looked at. */
export function StepForm({
  run,
  step,
  viewer,
  intent,
  children,
}: StepContext & { intent: string; children: ReactNode }) {
  return (
    <Form
      method="post"
      action={viewer.hand ? paths.runByHand(run.id) : paths.run(run.id)}
      className="acts"
      preventScrollReset
    >
      <input type="hidden" name="intent" value={intent} />
      <input type="hidden" name="step" value={step.id} />
      {viewer.from && <input type="hidden" name="from" value={viewer.from} />}
      {children}
    </Form>
  );
}
