import type { Against } from '../../domain/panic/against.ts';
import {
  memberState,
  memberStep,
  type Panic,
  type PanicMember,
  panicSummary,
  readyMembers,
  undoableMembers,
} from '../../domain/panic/panic.ts';
import { paths } from '../../paths.ts';
import { Panel } from '../ui/panel.tsx';
import { PostButton } from '../ui/post-button.tsx';
import { Problem } from '../ui/problem.tsx';
import { Time } from '../ui/time.tsx';
import { PanicForm, UndoAllForm } from './forms.tsx';
import { MemberView } from './member.tsx';

/** One panic: each member's plan before the one button, then what came of each, then the way back. */
export function PanicPage({
  panic,
  whyNot,
  failed,
}: {
  panic: Panic & { hash: string; undoHash: string; against: Against[] };
  whyNot: string | null;
  /** What was refused: its reason stands in its form again. */
  failed: { message: string; intent: string; reason: string } | null;
}) {
  const pressed = panic.confirmedAt !== null;
  const ready = readyMembers(panic).length;
  const undoable = undoableMembers(panic).length;
  const over = panic.members.filter(isOver).length;
  const goingBack = panic.undoAt !== null && panic.undoEndedAt === null;
  const despite = panic.undoDespite.length > 0 && ` In spite of: ${panic.undoDespite.join(' ')}`;
  const open = !pressed && panic.putAwayAt === null;
  return (
    <>
      <div className="head">
        <div>
          <p className="text-dim">
            <a className="link" href={paths.panics()}>
              Panic
            </a>{' '}
            · {panic.environment}
          </p>
          <h1>{panic.title}</h1>
          <p className="meta" aria-live="polite">
            {pressed ? (
              <span>
                {panicSummary(panic)} · pressed by {panic.confirmedBy} at <Time at={panic.confirmedAt!} />
              </span>
            ) : (
              <span>
                {open
                  ? `Dry run: nothing has changed. ${ready} of ${panic.members.length} can be made safe.`
                  : 'Put away; nothing was changed.'}
              </span>
            )}
          </p>
          <p className="mt-2 text-dim">{panic.why}</p>
          {panic.reason && <p className="mt-2">Why now: {panic.reason}</p>}
        </div>
        {open && (
          <div className="acts">
            <PostButton fields={{ intent: 'read-again' }} look="quiet" why={whyNot}>
              Read again
            </PostButton>
            {!whyNot && (
              <PostButton fields={{ intent: 'put-away' }} look="quiet">
                Put away
              </PostButton>
            )}
          </div>
        )}
      </div>
      {failed && <Problem>{failed.message}</Problem>}
      <div className="col">
        {open && (
          <Panel title="Make it all safe">
            <PanicForm hash={panic.hash} ready={ready} whyNot={whyNot} reason={failed?.reason ?? ''} />
          </Panel>
        )}
        <Panel title={pressed ? 'What came of each' : 'What would be done'}>
          {panic.members.map((member) => (
            <MemberView key={`${member.kind}/${member.name}`} member={member} pressed={pressed} />
          ))}
        </Panel>
        {pressed && (undoable > 0 || over > 0 || goingBack || panic.undoAt !== null) && (
          <Panel title="The way back">
            {goingBack && (
              <p className="panel-note">
                {panic.undoBy} asked for it at <Time at={panic.undoAt!} />: what was moved last goes back first.
                {despite}
              </p>
            )}
            {!goingBack && panic.undoAt !== null && (
              <p className="panel-note">
                {panic.undoBy} asked for it at <Time at={panic.undoAt} />. How each stands is said above.{despite}
              </p>
            )}
            {!goingBack && undoable > 0 && (
              <UndoAllForm
                hash={panic.undoHash}
                members={undoableMembers(panic)}
                underWay={panic.members.filter(isUnderWay).map(({ name }) => name)}
                against={panic.against}
                whyNot={whyNot}
                kept={failed?.intent === 'undo-all' ? failed.reason : null}
              />
            )}
            {over > 0 && (
              <p className="panel-note">
                {over === 1
                  ? 'The run of 1 is over by now: what it made safe is put back on its own, from its '
                  : `The runs of ${over} are over by now: what they made safe is put back one by one, each from its `}
                <a className="link" href={paths.followUps()}>
                  follow-up
                </a>
                .
              </p>
            )}
          </Panel>
        )}
      </div>
    </>
  );
}

/** Being made safe by this panic, with nothing to put back yet. */
function isUnderWay(member: PanicMember): boolean {
  return member.confirmed && memberState(member) === 'under-way' && !memberStep(member)?.undoHash;
}

/** Made safe by this panic, in a run that has ended: its undo ended with it. */
function isOver(member: PanicMember): boolean {
  const ended = member.run?.endedAt != null && !memberStep(member)?.undoHash;
  return member.confirmed && ended && memberState(member) === 'in-effect';
}
