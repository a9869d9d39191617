import { may } from '../../domain/audit/permission.ts';
import { waitingPages } from '../../domain/incident/waiting-pages.ts';
import { refusal } from '../../domain/run/offers.ts';
import { PostButton } from '../ui/post-button.tsx';
import type { IncidentView } from './view.ts';

/** Acknowledges in PagerDuty while it waits for somebody; nothing when there is nothing to acknowledge. `quiet` leaves it out for those who may not. */
export function AcknowledgeButton({ view, quiet = false }: { view: IncidentView; quiet?: boolean }) {
  const waiting = waitingPages(view.pagerDuty).length > 0;
  if (!waiting || view.incident.status === 'resolved') return null;
  const why = may(view.actor.role, 'run.people') ? null : refusal(view.actor.role);
  if (why && quiet) return null;
  return (
    <PostButton fields={{ intent: 'acknowledge' }} why={why}>
      Acknowledge
    </PostButton>
  );
}
