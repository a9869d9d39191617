import { may } from '../../domain/audit/permission.ts';
import type { Suspect } from '../../domain/change/change.ts';
import { doneStep, plannedStep } from '../../domain/incident/main-place.ts';
import { refusal } from '../../domain/run/offers.ts';
import { paths } from '../../paths.ts';
import { PostButton } from '../ui/post-button.tsx';
import { embeddedRun } from './embedded-run.ts';
import type { IncidentView } from './view.ts';

/** The way back of a change: to the plan that is already on the table, or a form that opens a run for it; "already done" when it was. */
export function ReversalButton({ suspect, main, view }: { suspect: Suspect; main: boolean; view: IncidentView }) {
  const { reversal, target } = suspect;
  // Also of what is safe already: whoever brought it there stands where its way back was.
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
