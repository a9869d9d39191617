import { mainPlace } from '../../domain/incident/main-place.ts';
import { paths } from '../../paths.ts';
import { HelpButtons } from './help.tsx';
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
