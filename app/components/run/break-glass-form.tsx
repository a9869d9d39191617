import { shortestGlassReason } from '../../domain/run/approval.ts';
import { gateOffers } from '../../domain/run/gate-offers.ts';
import { type StepContext, StepForm } from './step-form.tsx';
import { refusedOf } from './viewer.ts';

/** Acts now in spite of what stands in the way: a reason, a tick, and what it costs. */
export function BreakGlassForm(about: StepContext) {
  const { step, viewer } = about;
  const here = viewer.gated?.gates[step.id];
  const offer = here && viewer.gated && gateOffers(here, step, viewer.gated.person, viewer.mode).breakGlass;
  if (!offer || !step.plan) return null;
  if (offer.why) {
    return (
      <div className="acts">
        <button type="button" className="btn quiet" disabled title={offer.why}>
          Break the glass
        </button>
      </div>
    );
  }
  const failed = refusedOf(viewer.failure, step, 'break-glass');
  return (
    <details className="fold glass" open={failed !== null}>
      <summary>Break the glass…</summary>
      <StepForm {...about} intent="break-glass">
        <input type="hidden" name="hash" value={step.planHash ?? ''} />
        <p className="text-[13px]">
          It goes at once, without {here.gate.freeze ? 'waiting for the end of the freeze' : 'the approvals'}. The
          audit, the run and the team's chat say so, and a second person owes a sign-off within a day.
        </p>
        <label className="field basis-full">
          <span>Why can it not wait? At least {shortestGlassReason} characters.</span>
          <input
            className="input"
            name="reason"
            required
            minLength={shortestGlassReason}
            maxLength={500}
            defaultValue={failed?.values.reason}
          />
        </label>
        <label className="tick-line">
          <input type="checkbox" name="acknowledged" value="yes" required />
          <span>I answer for this, and somebody will look at it afterwards.</span>
        </label>
        <button type="submit" className="btn">
          Break the glass: {step.plan.confirmLabel}
        </button>
      </StepForm>
    </details>
  );
}
