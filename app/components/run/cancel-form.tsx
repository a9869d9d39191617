import { Form } from '@remix-run/react';
import { cancelOffer } from '../../domain/run/offers.ts';
import type { Actor, Run } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import { ReasonField } from '../ui/reason-field.tsx';
import type { StepFailure } from './viewer.ts';

/** Cancels a run, with a reason; where that may not be the button says why. What was refused stands in it again. */
export function CancelForm({ run, actor, failure }: { run: Run; actor: Actor; failure: StepFailure | null }) {
  const offer = cancelOffer({ ...run, acted: run.steps.map(({ confirmedBy }) => confirmedBy) }, actor);
  if (!offer) return null;
  if (offer.why) {
    return (
      <p className="acts">
        <button type="button" className="btn quiet" disabled title={offer.why}>
          Cancel this run
        </button>
        <span className="why">{offer.why}</span>
      </p>
    );
  }
  const kept = failure?.values.intent === 'cancel' ? (failure.values.reason ?? '') : null;
  return (
    <details className="fold" open={kept !== null}>
      <summary>Cancel this run</summary>
      <Form method="post" action={paths.run(run.id)} className="mt-2 grid gap-2">
        <input type="hidden" name="intent" value="cancel" />
        <ReasonField label="Why? Steps that are done stay done." kept={kept} />
        <button type="submit" className="btn quiet justify-self-start">
          Cancel the run
        </button>
      </Form>
    </details>
  );
}
