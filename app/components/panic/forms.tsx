import { Form, useNavigation } from '@remix-run/react';
import type { Against } from '../../domain/panic/against.ts';
import { memberStep, type PanicMember } from '../../domain/panic/panic.ts';
import { undoPlan } from '../../domain/run/undo-plan.ts';
import { HoldButton } from '../ui/hold-button.tsx';

/** The one confirmation of all plans on the page, bound to their hashes. */
export function PanicForm({
  hash,
  ready,
  whyNot,
  reason,
}: {
  hash: string;
  ready: number;
  whyNot: string | null;
  reason: string;
}) {
  const busy = useNavigation().formData?.get('intent') === 'panic';
  const why = whyNot ?? (ready === 0 ? 'No member has a plan that could be carried out.' : null);
  if (why)
    return (
      <div className="panel-body acts">
        <button type="button" className="btn" disabled title={why}>
          Make it safe
        </button>
        <span className="why">{why}</span>
      </div>
    );
  return (
    <Form method="post" className="panel-body grid gap-3" preventScrollReset>
      <input type="hidden" name="intent" value="panic" />
      <input type="hidden" name="hash" value={hash} />
      <label className="field">
        <span>Why, in one sentence: it goes into every run and to the owners.</span>
        <input className="input" name="reason" required maxLength={500} defaultValue={reason} />
      </label>
      <label className="tick-line">
        <input type="checkbox" name="acknowledged" value="yes" required />
        <span>I read what is done below, unknown and failed checks included.</span>
      </label>
      <div className="acts">
        <HoldButton look="go" busy={busy}>
          Make {ready === 1 ? 'it' : `all ${ready}`} safe
        </HoldButton>
      </div>
      <p className="hash">plan {hash}</p>
    </Form>
  );
}

/** The way back of everything that this panic moved, last in, first out. */
export function UndoAllForm({
  hash,
  members,
  underWay,
  against,
  whyNot,
  kept,
}: {
  hash: string;
  members: PanicMember[];
  /** Names of those that cannot be put back yet. */
  underWay: string[];
  against: Against[];
  whyNot: string | null;
  /** The reason that was sent and refused; null where nothing was. */
  kept: string | null;
}) {
  if (whyNot) return <p className="panel-note why">{whyNot}</p>;
  return (
    <details className="fold undo panel-body" open={kept !== null}>
      <summary>{underWay.length === 0 ? 'Undo all of it…' : 'Undo what is done so far…'}</summary>
      <Form method="post" className="mt-2 grid gap-3" preventScrollReset>
        <input type="hidden" name="intent" value="undo-all" />
        <input type="hidden" name="hash" value={hash} />
        <ol className="grid gap-1">
          {members.map((member) => {
            const step = memberStep(member)!;
            const { text, check } = undoPlan(step);
            return (
              <li key={`${member.kind}/${member.name}`}>
                <b className="mono font-[550]">{member.name}</b>: {text} {check}
              </li>
            );
          })}
        </ol>
        {underWay.length > 0 && (
          <p className="why">
            Still being made safe, and not among them: {underWay.join(', ')}. What is done by then is put back by asking
            once more.
          </p>
        )}
        <label className="field">
          <span>Why may it all come back? One sentence.</span>
          <input className="input" name="reason" required maxLength={500} defaultValue={kept ?? ''} />
        </label>
        {against.length > 0 && (
          <>
            <div>
              <p>Against it speaks:</p>
              <ul className="grid gap-1">
                {against.map(({ key, text, members: of }) => (
                  <li key={key}>
                    {text} <span className="why">({of.join(', ')})</span>
                  </li>
                ))}
              </ul>
            </div>
            <label className="tick-line">
              <input type="checkbox" name="acknowledged" value="yes" required />
              <span>I read what speaks against it. It may come back in spite of that.</span>
            </label>
          </>
        )}
        <div className="acts">
          <button type="submit" className="btn">
            Undo {members.length === 1 ? 'it' : `all ${members.length}`}, last first
          </button>
        </div>
        <p className="hash">plan {hash}</p>
      </Form>
    </details>
  );
}
