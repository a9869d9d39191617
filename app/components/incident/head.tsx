import type { PagerDutyIncident } from '../../domain/incident/incident.ts';
import { notPagedText } from '../../domain/incident/not-paged.ts';
import { pages } from '../../domain/incident/status.ts';
import { paths } from '../../paths.ts';
import { PageTroubleLine } from '../page-trouble.tsx';
import { tierText } from '../tier.ts';
import { Chip } from '../ui/chip.tsx';
import { Age, Countdown, Time } from '../ui/time.tsx';
import { AcknowledgeButton } from './acknowledge-button.tsx';
import { FlapLine } from './flaps.tsx';
import { SilencedLine } from './silenced.tsx';
import type { IncidentView } from './view.ts';

/** What it is, since when, who was paged and what happens next; on the desk also the two PagerDuty actions. */
export function IncidentHead({ view }: { view: IncidentView }) {
  const { incident, pagerDuty } = view;
  const first = pagerDuty[0] ?? null;
  return (
    <div className="head">
      <div>
        <div className="acts">
          {incident.status === 'resolved' ? (
            <Chip tone="ok">Resolved</Chip>
          ) : (
            <Chip tone={incident.tier?.startsWith('page') ? 'bad' : 'warn'}>
              {tierText(incident.tier, view.main?.evaluation?.condition)}
            </Chip>
          )}
          {pagerDuty.map((each) => (
            <Chip key={each.id}>
              PagerDuty #{each.number ?? each.id} {each.status}
            </Chip>
          ))}
        </div>
        <h1 className="mt-2">{incident.title}</h1>
        <PageTroubleLine incident={incident} />
        <SilencedLine view={view} />
        <FlapLine view={view} />
        <p className="meta">
          {incident.startedAt !== null && (
            <span>
              started <Time at={incident.startedAt} />, <Age at={incident.startedAt} />
            </span>
          )}
          <PagedWhen view={view} first={incident.status === 'open' ? first : null} />
          {incident.status === 'open' && incident.slo !== null && view.silenced.silence === null && (
            <a className="link" href={`${paths.silences()}?slo=${encodeURIComponent(incident.slo)}`}>
              silence…
            </a>
          )}
          {incident.resolvedAt !== null && (
            <span>
              resolved <Time at={incident.resolvedAt} />
            </span>
          )}
        </p>
      </div>
      <div className="acts desk">
        {first && (
          <a className="btn quiet" href={first.url} rel="noreferrer">
            Open in PagerDuty ↗
          </a>
        )}
        <AcknowledgeButton view={view} />
      </div>
    </div>
  );
}

function PagedWhen({ view, first }: { view: IncidentView; first: PagerDutyIncident | null }) {
  const { incident, mode } = view;
  if (incident.level === 'ticket') return <span>a ticket: it wakes nobody</span>;
  const at = incident.pagedAt ?? view.pagerDuty[0]?.createdAt ?? null;
  if (at === null) {
    const isTroubled = incident.pageTrouble !== undefined;
    return (
      <span>
        {notPagedText({
          status: incident.status,
          mode,
          pagers: pagersOf(view),
          isTroubled,
          isSilenced: view.silenced.all,
        })}
      </span>
    );
  }
  const acknowledged = first?.acknowledgedBy.join(', ');
  return (
    <>
      <span>
        paged <Time at={at} />
        {first?.status === 'triggered' && ', not acknowledged'}
        {acknowledged && `, acknowledged by ${acknowledged}`}
      </span>
      {first?.status === 'triggered' && first.escalatesAt !== null && (
        <span>
          escalates <Countdown to={first.escalatesAt} over="now" />
        </span>
      )}
    </>
  );
}

/** Who pages for the SLOs that reached a page tier in this incident. */
function pagersOf({ alerts, main, others }: IncidentView) {
  const paged = new Set(alerts.filter(({ peakTier }) => pages(peakTier)).map(({ slo }) => slo));
  return [...(main ? [main] : []), ...others].filter(({ slo }) => paged.has(slo.id)).map(({ slo }) => slo.paging);
}
