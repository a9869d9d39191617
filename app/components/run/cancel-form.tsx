import { Form } from '@remix-run/react';
import { cancelOffer } from '../../domain/run/offers.ts';
import type { Actor, Run } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';

/** Cancels a run, with a reason; where that may not be the button says why. */
export function CancelForm({ run, actor }: { run: Run; actor: Actor }) {
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
  return (
    <details className="fold">
      <summary>Cancel this run</summary>
      <Form method="post" action={paths.run(run.id)} className="mt-2 grid gap-2">
        <input type="hidden" name="intent" value="cancel" />
        <label className="field">
          <span>Why? Steps that are done stay done.</span>
          <input className="input" name="reason" required minLength={3} maxLength={500} />
        </label>
        <button type="submit" className="btn quiet justify-self-start">
          Cancel the run
        </button>
      </Form>
    </details>
  );
}
