import type { Run } from '../../domain/run/run.ts';
import type { IncidentView } from './view.ts';

/** The run whose steps stand on the incident page: its runbook's, open before prepared; null when there is none. */
export function embeddedRun(view: Pick<IncidentView, 'runs' | 'incident'>): Run | null {
  const ofRunbook = view.runs.filter((run) => run.template === view.incident.runbook);
  return (
    ofRunbook.find((run) => run.state === 'open') ??
    ofRunbook.find((run) => run.state === 'prepared') ??
    ofRunbook[0] ??
    null
  );
}
