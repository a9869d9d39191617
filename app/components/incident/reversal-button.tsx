import { may } from '../../domain/audit/permission.ts';
import type { Suspect } from '../../domain/change/change.ts';
import { movedTarget } from '../../domain/change/reversal.ts';
import { doneStep, plannedStep, reversalTarget } from '../../domain/incident/main-place.ts';
import { refusal } from '../../domain/run/offers.ts';
import { paths } from '../../paths.ts';
import { PostButton } from '../ui/post-button.tsx';
import { embeddedRun } from './embedded-run.ts';
import type { IncidentView } from './view.ts';

/** The way back of a change: to the plan that is already on the table, or a form that opens a run for it; "already done" when it was. */
export function ReversalButton({ suspect, main, view }: { suspect: Suspect; main: boolean; view: IncidentView }) {
  const { change, reversal } = suspect;
  // A flag that is safe already has no way back any more: whoever brought it there stands in its place.
  const target = reversal || change.kind !== 'flag' ? reversalTarget(suspect) : movedTarget(change, '');
  const done = doneStep(view.runs, target, view.turnedBack);
  if (done) {
    return (
      <a className="btn quiet" href={paths.runStep(done.run.id, done.step.id)}>
        {done.step.confirmedBy ? `Done by ${done.step.confirmedBy}` : 'Done'}: see it
      </a>
    );
  }
  if (!reversal) return null;
  const look = main && view.incident.status === 'open' ? 'go' : '';
  const words = `${reversal.label.replace(/…$/, '')}…`;
  const planned = plannedStep(view.runs, target);
  if (planned) {
    const here = embeddedRun(view)?.id === planned.run.id;
    return (
      <a
        className={`btn ${look}`}
        href={here ? `#step-${planned.step.id}` : paths.runStep(planned.run.id, planned.step.id)}
      >
        {words}
      </a>
    );
  }
  if (view.incident.status === 'resolved') return null;
  const fields: Record<string, string> = { intent: 'reverse', change: suspect.change.id };
  return (
    <PostButton fields={fields} look={look} why={may(view.actor.role, 'run.open') ? null : refusal(view.actor.role)}>
      {words}
    </PostButton>
  );
}
