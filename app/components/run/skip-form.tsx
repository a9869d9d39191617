import { type StepContext, StepForm } from './step-form.tsx';

/** Passes a step over with a reason; where that may not be, a button that says why not. `told` leaves the why to the button above. */
export function SkipForm({ why, told, ...about }: StepContext & { why: string | null; told: boolean }) {
  if (why) {
    return (
      <div className="acts">
        <button type="button" className="btn quiet" disabled title={why}>
          Skip this step
        </button>
        {!told && <span className="why">{why}</span>}
      </div>
    );
  }
  return (
    <details className="fold">
      <summary>Skip this step</summary>
      <StepForm {...about} intent="skip">
        <label className="field flex-1">
          <span>Why is it skipped?</span>
          <input className="input" name="reason" required maxLength={500} />
        </label>
        <button type="submit" className="btn quiet self-end">
          Skip
        </button>
      </StepForm>
    </details>
  );
}
