import { may } from '../../domain/audit/permission.ts';
import { actsOnOwn, confirmPermission, refusal } from '../../domain/run/offers.ts';
import { type StepContext, StepForm } from './step-form.tsx';
import { refusedOf } from './viewer.ts';

/** Lets a waiting step take its target over from whoever holds it; a step forward never from a stop. */
export function TakeOverForm({
  holder,
  ...about
}: StepContext & { holder: { kind: 'stop' | 'forward'; holder: string } }) {
  const { step, viewer } = about;
  const kind = step.plan?.kind ?? step.kind;
  // What captured something may be on its way back, which counts as a stop.
  if (kind !== 'stop' && step.captured === null && holder.kind === 'stop') return null;
  const { actor, mode } = viewer;
  const own = actor.role !== 'product' || actsOnOwn(step, actor.flags ?? []);
  if (mode !== 'act') return null;
  if (!own || !may(actor.role, confirmPermission(kind))) {
    return <p className="why">{own ? refusal(actor.role) : 'You may act on flags you own only.'}</p>;
  }
  const kept = refusedOf(viewer.failure, step, 'take-over');
  return (
    <details className="fold" open={kept !== null}>
      <summary>Take over from {holder.holder}</summary>
      <StepForm {...about} intent="take-over">
        <label className="field flex-1">
          <span>Why can it not wait? What {holder.holder} does there is ended within 5 s, and is told why.</span>
          <input
            className="input"
            name="reason"
            required
            minLength={3}
            maxLength={500}
            defaultValue={kept?.values.reason}
          />
        </label>
        <button type="submit" className="btn self-end">
          Take over
        </button>
      </StepForm>
    </details>
  );
}
