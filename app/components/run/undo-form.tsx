import { undoPlan } from '../../domain/run/undo-plan.ts';
import { Diff } from './diff.tsx';
import { type StepContext, StepForm } from './step-form.tsx';
import { refusedOf } from './viewer.ts';

/** Takes a change back: its plan before its button, bound to it by a hash. Open at once where the change did harm; where it may not be, a button that says why. `told` leaves the why to the button above. */
export function UndoForm({
  why,
  told,
  urgent,
  ...about
}: StepContext & { why: string | null; told: boolean; urgent: boolean }) {
  if (why) {
    return (
      <div className="acts">
        <button type="button" className="btn quiet" disabled title={why}>
          Undo
        </button>
        {!told && <span className="why">{why}</span>}
      </div>
    );
  }
  const { step } = about;
  const { diff, text, check } = undoPlan(step);
  return (
    <details className="fold undo" open={urgent || refusedOf(about.viewer.failure, step, 'undo') !== null}>
      <summary>Undo…</summary>
      <div className="mt-2 grid gap-2.5">
        {diff.length > 0 && <Diff lines={diff} />}
        <p className="text-[13px]">
          {text} {check}
          {about.run.incidentId !== null && ' The page in PagerDuty gets a note of it.'}
        </p>
        <StepForm {...about} intent="undo">
          <input type="hidden" name="hash" value={step.undoHash ?? ''} />
          <button type="submit" className={`btn ${urgent ? 'go' : ''}`}>
            Undo this change
          </button>
          <span className="hash">plan {step.undoHash}</span>
        </StepForm>
      </div>
    </details>
  );
}
