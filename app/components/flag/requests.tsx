import { Form } from '@remix-run/react';
import { type ChangeRequest, toldText } from '../../domain/flag/change-request.ts';
import { paths } from '../../paths.ts';
import { Chip, type Tone } from '../ui/chip.tsx';
import { PostButton } from '../ui/post-button.tsx';
import { ReasonField } from '../ui/reason-field.tsx';
import { Age, Countdown, Time } from '../ui/time.tsx';

/** A request as the page shows it. */
export interface ShownRequest extends ChangeRequest {
  /** Why this person may not answer it; null when they may. */
  whyNot: string | null;
  /** They asked for it themselves. */
  own: boolean;
  /** What judges it afterwards, in words; null before a catalog was read. */
  judged: string | null;
}

const states: Record<ChangeRequest['state'], { text: string; tone: Tone }> = {
  open: { text: 'waits for an answer', tone: 'info' },
  accepted: { text: 'opened as a run', tone: 'ok' },
  declined: { text: 'declined', tone: 'warn' },
  withdrawn: { text: 'withdrawn', tone: 'plain' },
  expired: { text: 'nobody answered in 7 days', tone: 'warn' },
};

/** One request: what, why, by whom, since when; while it is open its answers. */
export function RequestRow({
  request,
  refused = null,
}: {
  request: ShownRequest;
  /** What was said against it and refused. */
  refused?: string | null;
}) {
  const { id, flag, title, reason, by, askedAt, expiresAt, state, decidedBy, decidedAt, decision, runId } = request;
  const open = state === 'open';
  return (
    <div className="row plain" id={id}>
      <div className="min-w-0">
        <div className="row-title">
          <a className="hover:underline" href={paths.flag(flag)}>
            {title}
          </a>
        </div>
        <div className="row-detail">
          {reason} · {by} asked {request.owners.join(', ') || 'a responder'}{' '}
          {open ? <Age at={askedAt} /> : <Time at={askedAt} />}
          {open && (
            <>
              , over <Countdown to={expiresAt} over="now" />
            </>
          )}
        </div>
        {open && <div className="row-detail">{toldText(request.told)}</div>}
        {open && request.judged && <div className="row-detail">{request.judged}</div>}
        {decidedBy && decidedAt !== null && (
          <div className="row-detail">
            {decidedBy}, <Time at={decidedAt} />
            {decision && `: ${decision}`}
            {runId && (
              <>
                :{' '}
                <a className="link" href={paths.run(runId)}>
                  the run
                </a>
              </>
            )}
          </div>
        )}
        {open && !request.whyNot && (
          <details className="fold mt-1" open={refused !== null}>
            <summary>Decline…</summary>
            <Form method="post" action={paths.changeRequests()} preventScrollReset className="silence-form">
              <input type="hidden" name="intent" value="decline" />
              <input type="hidden" name="id" value={id} />
              <ReasonField label="Why not" kept={refused} className="field wide" />
              <button type="submit" className="btn">
                Decline
              </button>
            </Form>
          </details>
        )}
      </div>
      <span className="acts">
        {!open && <Chip tone={states[state].tone}>{states[state].text}</Chip>}
        {open && request.own && (
          <PostButton action={paths.changeRequests()} fields={{ intent: 'withdraw', id }} look="quiet">
            Withdraw
          </PostButton>
        )}
        {open && (
          <PostButton action={paths.changeRequests()} fields={{ intent: 'open-run', id }} why={request.whyNot}>
            Open as a run…
          </PostButton>
        )}
      </span>
    </div>
  );
}
