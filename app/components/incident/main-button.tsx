import { mainPlace } from '../../domain/incident/main-place.ts';
import { paths } from '../../paths.ts';
import { ReversalButton } from './reversal-button.tsx';
import type { IncidentView } from './view.ts';

/** The one main action: the step under way, the reversal at strong evidence, or the runbook and help. Null once resolved. */
export function MainButton({ view }: { view: IncidentView }) {
  const place = mainPlace(view.incident, view.suspects.value, view.runs);
  if (place.kind === 'acting') {
    return (
      <a className="btn" href={paths.runStep(place.at.run.id, place.at.step.id)}>
        See what is being done
      </a>
    );
  }
  if (place.kind === 'reversal') return <ReversalButton suspect={place.suspect} main view={view} />;
  if (place.kind === 'help') return <HelpButtons view={view} />;
  return null;
}

/** "Open runbook" and "Get help": what stands in the main place when nothing of ours explains the burn. */
export function HelpButtons({ view }: { view: IncidentView }) {
  const first = view.pagerDuty[0];
  return (
    <>
      <a className="btn go" href={view.runbook ? '#runbook' : paths.runbooks()}>
        Open runbook
      </a>
      <a className="btn" href={first ? first.url : '#on-call'} rel="noreferrer">
        Get help{first && ' ↗'}
      </a>
    </>
  );
}
