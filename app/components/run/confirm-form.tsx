import { Form, useNavigation } from '@remix-run/react';
import { may } from '../../domain/audit/permission.ts';
import { whyNotConfirm } from '../../domain/run/gate-offers.ts';
import { stepOffer } from '../../domain/run/offers.ts';
import type { Plan, Run, RunStep } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import { HoldButton } from '../ui/hold-button.tsx';
import { Problem } from '../ui/problem.tsx';
import { type RunViewer, refusedOf, type StepFailure } from './viewer.ts';

/** The form that confirms exactly the plan shown: run, step and hash; a sentence and a tick where a precondition asks for it. */
export function ConfirmForm({ run, step, viewer }: { run: Run; step: RunStep; viewer: RunViewer }) {
  const offer = stepOffer('confirm', run, step, viewer.actor, viewer.mode);
  const busy = useNavigation().formData?.get('hash') === step.planHash && step.planHash !== null;
  const plan = step.plan;
  if (!offer || !plan || !step.planHash) return null;
  const failed: StepFailure | null = viewer.failure?.stepId === step.id ? viewer.failure : null;
  const kept = refusedOf(failed, step, 'confirm')?.values;
  const gate = viewer.gated?.gates[step.id]?.gate ?? null;
  const asks = gate?.state === 'approval';
  const frozen = whyNotConfirm(gate);
  const why = offer.why ?? frozen;
  const label = asks ? `Ask for approval: ${plan.confirmLabel}` : plan.confirmLabel;
  const look = plan.kind === 'stop' && !viewer.quiet ? 'go' : '';
  return (
    <Form method="post" action={paths.run(run.id)} className="grid gap-3" preventScrollReset>
      <input type="hidden" name="intent" value="confirm" />
      <input type="hidden" name="step" value={step.id} />
      <input type="hidden" name="hash" value={step.planHash} />
      {viewer.from && <input type="hidden" name="from" value={viewer.from} />}
      {step.uses === 'manual' && <OutcomeField plan={plan.after} value={kept?.outcome} />}
      {(plan.needsReason || asks) && !frozen && (
        <label className="field">
          <span>
            {plan.needsReason && 'A precondition is not met or not known. '}
            {asks ? 'Say in one sentence why, for those who approve it.' : 'Say in one sentence why you go on.'}
          </span>
          <input
            className="input"
            name="reason"
            required
            maxLength={500}
            defaultValue={kept?.reason}
            aria-invalid={failed?.code === 'reason_needed' || undefined}
          />
        </label>
      )}
      {plan.needsReason && !frozen && (
        <label className="tick-line">
          <input type="checkbox" name="acknowledged" value="yes" required />
          <span>I read the preconditions above, and I go on.</span>
        </label>
      )}
      {viewer.waiting.length > 0 && !why && mayAcknowledge(plan, viewer) && (
        <label className="tick-line">
          <input type="checkbox" name="acknowledgePage" value="yes" defaultChecked />
          <span>
            Also acknowledge {viewer.waiting.join(', ')} in PagerDuty as me: I am working on it, and it stops
            escalating.
          </span>
        </label>
      )}
      {failed && <Problem>{failed.message}</Problem>}
      <div className="acts">
        {plan.needsReason && !why ? (
          <HoldButton look={look} busy={busy}>
            {label}
          </HoldButton>
        ) : (
          <button type="submit" className={`btn ${look}`} disabled={why !== null} aria-busy={busy}>
            {busy ? 'Sending…' : label}
          </button>
        )}
        {why && <span className="why">{why}</span>}
      </div>
    </Form>
  );
}

/** Only with a change: a note or a wait says nothing of who works on it. */
function mayAcknowledge({ kind }: Pick<Plan, 'kind'>, { actor }: RunViewer): boolean {
  return (kind === 'stop' || kind === 'forward') && may(actor.role, 'run.people');
}

function OutcomeField({ plan, value }: { plan: unknown; value: string | undefined }) {
  const outcomes = (plan as { outcomes?: unknown } | null)?.outcomes;
  if (Array.isArray(outcomes)) {
    return (
      <fieldset className="grid gap-1.5">
        <legend className="text-[13px] text-dim">What is the outcome?</legend>
        {outcomes.map(String).map((each) => (
          <label key={each} className="tick-line">
            <input type="radio" name="outcome" value={each} required defaultChecked={value === each} />
            <span>{each.replaceAll(/[-_]/g, ' ')}</span>
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <label className="field">
      <span>What did you do or find?</span>
      <textarea className="input" name="outcome" rows={2} required maxLength={2000} defaultValue={value} />
    </label>
  );
}
