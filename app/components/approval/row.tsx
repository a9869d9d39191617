import { Form } from '@remix-run/react';
import type { ApprovalRequest } from '../../domain/run/approval.ts';
import type { Gate } from '../../domain/run/gate.ts';
import type { Run } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import { Diff } from '../run/diff.tsx';
import { Chip } from '../ui/chip.tsx';
import { Age, Countdown } from '../ui/time.tsx';

/** A request that waits. */
export interface WaitingApproval {
  request: ApprovalRequest;
  run: Run;
  gate: Gate;
}

/** One request that waits: the plan's diff, who asks and why, how many said yes; `mine` adds the button. */
export function WaitingRow({ request, run, gate, mine }: WaitingApproval & { mine: boolean }) {
  const step = run.steps.find(({ id }) => id === request.stepId);
  const href = paths.runStep(run.id, request.stepId);
  return (
    <article className="row plain waiting">
      <div className="grid gap-2 min-w-0">
        <a className="row-title hover:underline" href={href}>
          {step?.plan?.title ?? run.title}
        </a>
        <p className="row-detail">
          {request.requester.name} asked <Age at={request.askedAt} />: “{request.reason}” Lapses{' '}
          <Countdown to={request.expiresAt} over="now" />.
        </p>
        {step?.plan && <Diff lines={step.plan.diff} />}
        {gate.why && <p className="row-detail">{gate.why}</p>}
      </div>
      <div className="acts">
        <Chip tone="warn">
          {gate.given} of {gate.needed}
        </Chip>
        {mine && gate.state !== 'frozen' && (
          <Form method="post" action={paths.run(run.id)}>
            <input type="hidden" name="intent" value="approve" />
            <input type="hidden" name="step" value={request.stepId} />
            <input type="hidden" name="hash" value={request.planHash} />
            <button type="submit" className="btn go">
              Approve exactly this plan
            </button>
          </Form>
        )}
        <a className="btn quiet" href={href}>
          Read the whole plan
        </a>
      </div>
    </article>
  );
}
