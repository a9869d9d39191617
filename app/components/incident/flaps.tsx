import { flapText, restAfterFlap } from '../../domain/incident/paging.ts';
import { Time } from '../ui/time.tsx';
import type { IncidentView } from './view.ts';

/** Said of an incident whose burn comes and goes: how often, and until when PagerDuty is left alone. */
export function FlapLine({ view }: { view: IncidentView }) {
  const { incident, returns, deliveries } = view;
  const said = flapText(returns);
  if (!said) return null;
  const page = deliveries.find(({ level }) => level === 'page');
  const until = (incident.resolvedAt ?? 0) + restAfterFlap;
  const rests = incident.status === 'resolved' && page?.action === 'trigger' && page.state.kind === 'delivered';
  return (
    <span className="mt-1 block text-dim">
      It {said}.
      {rests && until > view.now && (
        <>
          {' '}
          PagerDuty hears that it is over at <Time at={until} />, unless it burns again: that would wake nobody anew.
        </>
      )}
    </span>
  );
}
