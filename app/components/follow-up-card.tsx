import { type PersonNames, personName } from '../domain/audit/person-names.ts';
import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import { paths } from '../paths.ts';
import { ChangeFollowUpForm, keptOf, type RefusedFollowUp } from './follow-up-forms.tsx';
import { Due } from './follow-up-rows.tsx';
import type { ReminderWords } from './reminder-words.ts';
import { SignOffForm } from './sign-off-form.tsx';
import { PostButton } from './ui/post-button.tsx';
import { Age, Elapsed, Time } from './ui/time.tsx';

/** One follow-up: what was left behind, by which run, whose it is, until when, and the two ways to end it. */
export function FollowUpCard({
  followUp,
  names,
  reminder,
  whyNotClear,
  whyNotBack,
  whyNotSign,
  refused = null,
}: {
  followUp: FollowUp;
  /** People's names by their address. */
  names: PersonNames;
  /** Where its reminder went; absent before it is due. */
  reminder?: ReminderWords;
  whyNotClear: string | null;
  whyNotBack: string | null;
  whyNotSign: string | null;
  /** What was sent last and refused: it stands in its form again. */
  refused?: RefusedFollowUp | null;
}) {
  const { id, wayBack, clearedAt } = followUp;
  return (
    <div className="row plain" id={id}>
      <div>
        <div className="row-title">
          <a className="hover:underline" href={paths.followUp(id)}>
            {followUp.title}
          </a>
        </div>
        <div className="row-detail">
          {clearedAt === null ? (
            <>
              for <Elapsed since={followUp.openedAt} />
            </>
          ) : (
            <>
              cleared <Time at={clearedAt} /> by {personName(followUp.clearedBy ?? 'nobody known', names)}
              {followUp.clearReason && `: ${followUp.clearReason}`}
            </>
          )}
          {followUp.owner && ` · owner ${personName(followUp.owner, names)}`}
          {followUp.service && (
            <>
              {' · '}
              <a className="link" href={paths.service(followUp.service)}>
                {followUp.service}
              </a>
            </>
          )}
          {followUp.incidentId && (
            <>
              {' · '}
              <a className="link" href={paths.incident(followUp.incidentId)}>
                incident
              </a>
            </>
          )}
          {followUp.runId && (
            <>
              {' · '}
              <a className="link" href={paths.run(followUp.runId)}>
                run
              </a>
            </>
          )}
        </div>
        {reminder && (
          <div className="row-detail">
            {reminder.text}
            {reminder.at !== null && (
              <>
                , <Age at={reminder.at} />
              </>
            )}
          </div>
        )}
      </div>
      {clearedAt === null && (
        <div className="acts">
          <span className="line">
            <Due followUp={followUp} />
          </span>
          {wayBack && (
            <PostButton fields={{ intent: 'back', id }} why={whyNotBack}>
              {wayBack.label}…
            </PostButton>
          )}
          {followUp.kind === 'sign-off' ? (
            <SignOffForm id={id} why={whyNotSign} kept={keptOf(refused, 'sign-off', id)} />
          ) : (
            <>
              <PostButton fields={{ intent: 'clear', id }} look="quiet" why={whyNotClear}>
                Clear
              </PostButton>
              <ChangeFollowUpForm followUp={followUp} why={whyNotClear} kept={keptOf(refused, 'change', id)} />
            </>
          )}
        </div>
      )}
    </div>
  );
}
