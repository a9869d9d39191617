import type { OnCall } from '../../domain/incident/incident.ts';
import { ObservedPanel, type Read } from '../observed-panel.tsx';
import { LookingToo } from '../presence.tsx';
import { Empty } from '../ui/empty.tsx';
import { Time } from '../ui/time.tsx';

/** Who is on call, and who else looks at this page. */
export function OnCallPanel({
  read,
  known = true,
  lookingToo,
}: {
  read: Read<OnCall[]>;
  /** False where no service of the catalog is concerned, so that nobody is looked for. */
  known?: boolean;
  /** Who else looks at the page at `path`; left out where that is not of interest. */
  lookingToo?: { names: string[]; path: string };
}) {
  return (
    <ObservedPanel
      title="On call"
      system="PagerDuty"
      id="on-call"
      staleAfter={15 * 60_000}
      read={read}
      aside={
        lookingToo && (
          <span className="age">
            <LookingToo {...lookingToo} />
          </span>
        )
      }
      empty={
        known ? (
          <Empty title="Not read yet">Link the service to a PagerDuty service to see who is on call.</Empty>
        ) : (
          <Empty title="No service of ours">Who was paged for it stands in PagerDuty and in the timeline.</Empty>
        )
      }
    >
      {(people) =>
        people.length === 0 ? (
          <Empty title="Nobody is on call">PagerDuty names no one for this service.</Empty>
        ) : (
          <dl className="pairs panel-body">
            {people.map((each) => (
              <div key={`${each.level}${each.person}`}>
                <dt>{each.person}</dt>
                <dd>
                  {each.level === 1 ? 'primary' : `escalation ${each.level - 1}`}
                  {each.until !== null && (
                    <>
                      , until <Time at={each.until} />
                    </>
                  )}
                </dd>
              </div>
            ))}
          </dl>
        )
      }
    </ObservedPanel>
  );
}
