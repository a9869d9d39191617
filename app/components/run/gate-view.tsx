import { ruleWords } from '../../domain/approval/rule.ts';
import { freezeWords } from '../../domain/freeze/words.ts';
import { gateOffers } from '../../domain/run/gate-offers.ts';
import { Chip } from '../ui/chip.tsx';
import { ReasonField } from '../ui/reason-field.tsx';
import { Age, Time } from '../ui/time.tsx';
import { type StepContext, StepForm } from './step-form.tsx';
import { refusedOf } from './viewer.ts';

/** What stands between a plan and its effect: a freeze, or people who have to approve, with what this person may do about it. */
export function GateView(about: StepContext) {
  const { step, viewer } = about;
  const here = viewer.gated?.gates[step.id];
  if (!viewer.gated || !here || (here.gate.state === 'open' && !here.request)) return null;
  const { gate, request } = here;
  const frozen = gate.freeze && freezeWords(gate.freeze);
  // The plan says it among its preconditions, once it was read since the freeze began.
  const told = step.plan?.preconditions.some(({ text }) => text === frozen);
  const offers = gateOffers(here, step, viewer.gated.person, viewer.mode);
  const refused = refusedOf(viewer.failure, step, 'reject');
  return (
    <section className="gate" aria-label="What stands in the way">
      {frozen && !told && (
        <p>
          <Chip tone="bad" wrap>
            {frozen}
          </Chip>
        </p>
      )}
      {gate.rules.length > 0 && (
        <ul className="checks" aria-label="Approvals">
          {gate.rules.map((rule) => (
            <li key={`${rule.of} ${ruleWords(rule)}`}>
              <Chip tone={rule.given >= rule.people ? 'ok' : 'warn'} wrap>
                {rule.of} asks for {ruleWords(rule)}: {rule.given} of {rule.people} approved
              </Chip>
            </li>
          ))}
        </ul>
      )}
      {request && (
        <p className="text-[13px] text-dim">
          {request.requester.name} asked <Age at={request.askedAt} />: “{request.reason}” Lapses{' '}
          <Time at={request.expiresAt} />.
          {request.approvals.length > 0 &&
            ` Approved by ${request.approvals.map(({ actor }) => actor.name).join(', ')}.`}
        </p>
      )}
      {offers.approve && (
        <StepForm {...about} intent="approve">
          <input type="hidden" name="hash" value={step.planHash ?? ''} />
          <button type="submit" className="btn go" disabled={offers.approve.why !== null}>
            Approve exactly this plan
          </button>
          {offers.approve.why && <span className="why">{offers.approve.why}</span>}
        </StepForm>
      )}
      {offers.reject && (
        <details className="fold" open={refused !== null}>
          <summary>Reject…</summary>
          <StepForm {...about} intent="reject">
            <input type="hidden" name="hash" value={step.planHash ?? ''} />
            <ReasonField label="Why not?" kept={refused?.values.reason} className="field flex-1" />
            <button type="submit" className="btn quiet self-end" disabled={offers.reject.why !== null}>
              Reject
            </button>
            {offers.reject.why && <span className="why">{offers.reject.why}</span>}
          </StepForm>
        </details>
      )}
      {offers.withdraw && (
        <StepForm {...about} intent="withdraw">
          <input type="hidden" name="hash" value={step.planHash ?? ''} />
          <button type="submit" className="btn quiet" disabled={offers.withdraw.why !== null}>
            Withdraw what you asked for
          </button>
          {offers.withdraw.why && <span className="why">{offers.withdraw.why}</span>}
        </StepForm>
      )}
    </section>
  );
}
