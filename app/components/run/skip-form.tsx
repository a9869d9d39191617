import { isWaiting } from '../../domain/run/offers.ts';
import { type StepContext, StepForm } from './step-form.tsx';
import { refusedOf } from './viewer.ts';

/** Passes a step over, or ends a wait, with a reason; where that may not be, a button that says why not. `told` leaves the why to the button above. */
export function SkipForm({ why, told, ...about }: StepContext & { why: string | null; told: boolean }) {
  const waits = isWaiting(about.step);
  const what = waits ? 'End the wait now' : 'Skip this step';
  if (why) {
    return (
      <div className="acts">
        <button type="button" className="btn quiet" disabled title={why}>
          {what}
        </button>
        {!told && <span className="why">{why}</span>}
      </div>
    );
  }
  const kept = refusedOf(about.viewer.failure, about.step, 'skip');
  return (
    <details className="fold" open={kept !== null}>
      <summary>{what}</summary>
      <StepForm {...about} intent="skip">
        <label className="field flex-1">
          <span>{waits ? 'Why does it end before its time?' : 'Why is it skipped?'}</span>
          <input className="input" name="reason" required maxLength={500} defaultValue={kept?.values.reason} />
        </label>
        <button type="submit" className="btn quiet self-end">
          {waits ? 'End the wait' : 'Skip'}
        </button>
      </StepForm>
    </details>
  );
}
