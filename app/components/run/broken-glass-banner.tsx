import type { BrokenGlass } from '../../domain/run/approval.ts';
import type { Actor } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import { Countdown, Time } from '../ui/time.tsx';

/** Says of a run that somebody acted without the approvals or in a freeze, and whether a second person has looked at it. */
export function BrokenGlassBanner({ glass, person }: { glass: readonly BrokenGlass[]; person: Pick<Actor, 'email'> }) {
  return glass.map((one) => (
    <div key={`${one.stepId} ${one.at}`} className="panel panel-note glass-note" role="status">
      <strong>{one.by.name} broke the glass</strong> at <Time at={one.at} />: “{one.reason}” What stood in the way:{' '}
      {one.missing}{' '}
      {one.signedBy === null ? (
        <a className="link" href={paths.followUp(one.followUpId)}>
          {one.by.email === person.email ? 'A second person owes a sign-off' : 'Owed: a sign-off'},{' '}
          <Countdown to={one.dueAt} over="overdue" />
        </a>
      ) : (
        <>
          Signed off by {one.signedBy}: “{one.signedText}”
        </>
      )}
    </div>
  ));
}
