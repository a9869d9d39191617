import type { Incident } from '../domain/incident/incident.ts';
import { paths } from '../paths.ts';
import { PageTroubleLine } from './page-trouble.tsx';
import { tierText } from './tier.ts';
import { Chip } from './ui/chip.tsx';
import { Age, Time } from './ui/time.tsx';

/** Incidents as rows that lead to their pages; `vanished` are the ids of SLOs that have lost their traffic. */
export function IncidentRows({ incidents, vanished = [] }: { incidents: Incident[]; vanished?: string[] }) {
  return incidents.map((incident) => (
    <a key={incident.id} className="row plain" href={paths.incident(incident.id)}>
      <span className="min-w-0">
        <span className="row-title">{incident.title}</span>
        <span className="row-detail block">
          {incident.service ?? 'no known service'}
          {incident.children.length > 0 && ` and ${incident.children.join(', ')}`} ·{' '}
          {incident.status === 'open' ? (
            <>
              started <Age at={incident.startedAt ?? incident.openedAt} />
            </>
          ) : (
            <>
              <Time at={incident.startedAt ?? incident.openedAt} /> to{' '}
              <Time at={incident.resolvedAt ?? incident.openedAt} />
            </>
          )}
        </span>
        <PageTroubleLine incident={incident} />
      </span>
      {incident.status === 'resolved' ? (
        <Chip tone="ok">resolved</Chip>
      ) : (
        <Chip tone={incident.tier?.startsWith('page') ? 'bad' : 'warn'}>
          {tierText(incident.tier, vanished.includes(incident.slo ?? '') ? 'traffic-vanished' : 'ok')}
        </Chip>
      )}
    </a>
  ));
}
