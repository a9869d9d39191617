import { handOffer } from '../../domain/run/by-hand.ts';
import type { RunStep } from '../../domain/run/run.ts';
import { staysInside } from '../../domain/runbook/actions.ts';
import { HandWorkView } from '../runbook/hand-work-view.tsx';
import { type StepContext, StepForm } from './step-form.tsx';
import { refusedOf } from './viewer.ts';

const ended = new Set<RunStep['state']>(['succeeded', 'skipped', 'undone']);
const sendsNothing =
  'Firebreak sends nothing. It looks at the target, and judges the burn as it does for its own changes.';

/** The commands for doing a step by hand, and at the step whose turn it is the form to say that it was done and what was seen. */
export function HandForm(about: StepContext) {
  const { run, step, viewer } = about;
  const work = viewer.hand?.[step.id];
  // What is over needs nobody, and what a person is asked to do stands in its plan already.
  if (!work || ended.has(step.state) || staysInside(step.uses)) return null;
  const offer = handOffer(run, step, viewer.actor);
  const forward = (step.plan?.kind ?? step.kind) === 'forward';
  const kept = refusedOf(viewer.failure, step, 'by-hand')?.values.seen;
  return (
    <section className="grid gap-3" aria-label={`By hand: ${step.title}`}>
      <h4 className="why">By hand</h4>
      <HandWorkView work={work} />
      {forward && (
        <p className="text-[13px]">
          This goes forward. Whoever has to approve it, has to approve it by hand as well: telling it here records what
          was done, and allows nothing.
        </p>
      )}
      {offer && (
        <StepForm {...about} intent="by-hand">
          <label className="field basis-full">
            <span>I did it. What did you see?</span>
            <input
              className="input"
              name="seen"
              required
              minLength={3}
              maxLength={500}
              defaultValue={kept}
              disabled={offer.why !== null}
            />
          </label>
          <button type="submit" className="btn" disabled={offer.why !== null} title={offer.why ?? undefined}>
            Record it as done by hand
          </button>
          <span className="why basis-full">{offer.why ?? sendsNothing}</span>
        </StepForm>
      )}
    </section>
  );
}
