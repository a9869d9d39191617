import { windowBurnText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import { duration } from '../ui/duration.ts';
import { Elapsed, Time } from '../ui/time.tsx';
import type { IncidentView } from './view.ts';

/** The hero of an incident that no SLO of ours speaks for: what PagerDuty says, how the service's SLOs do, what would be needed. */
export function NoSlo({ view }: { view: IncidentView }) {
  const { incident, service, others, pagerDuty } = view;
  const first = pagerDuty[0] ?? null;
  const alert = view.timeline.find(({ kind }) => kind === 'alert');
  const began = incident.startedAt ?? incident.openedAt;
  // An alert without a service is about the watching itself: a source that gives no data.
  if (!service && alert) {
    return (
      <section className="panel say" aria-label="How bad it is">
        <p className="say-sentence">
          {incident.resolvedAt === null ? (
            <>
              Blind for <Elapsed since={began} />.
            </>
          ) : (
            <>
              It lasted {duration(incident.resolvedAt - began)}, until <Time at={incident.resolvedAt} />.
            </>
          )}
        </p>
        <p className="say-sub">
          Told at <Time at={alert.at} />: {alert.text}
        </p>
      </section>
    );
  }
  if (!service) {
    const known = first?.service;
    return (
      <section className="panel say" aria-label="How bad it is">
        <p className="say-sentence">
          {known
            ? `PagerDuty's service “${known.name}” is not in the catalog.`
            : 'This incident names no service we know.'}
        </p>
        <p className="say-sub">
          No burn, changes or runbook can be shown for it. Annotate a Service in <code>alerts/</code> with{' '}
          <code>firebreak.dev/pagerduty-service: {known?.id ?? 'its PagerDuty id'}</code>. What changed anywhere and
          what burns anywhere stands below.
        </p>
      </section>
    );
  }
  const worst = [...others].sort((a, b) => burn(b) - burn(a))[0];
  return (
    <section className="panel" aria-label="How bad it is">
      <div className="say">
        <p className="say-sentence">
          {incident.resolvedAt !== null
            ? `It lasted ${duration(incident.resolvedAt - began)}.`
            : `No SLO of ${service.title} burns at a page tier.`}
        </p>
        <p className="say-sub">
          {others.length === 0
            ? 'None is declared for it, so there is no figure for how bad it is.'
            : `The highest is ${worst?.slo.title} at ${reading(worst)} over the last 5 min.`}{' '}
          {first && `PagerDuty says: ${first.title}.`}
        </p>
      </div>
      {others.length > 0 && (
        <dl className="pairs border-t border-line px-3.5 py-3">
          {others.map((each) => (
            <div key={each.slo.id}>
              <dt>
                <a className="hover:underline" href={paths.slo(each.slo.id)}>
                  {each.slo.title}
                </a>
              </dt>
              <dd>{reading(each)} over 5 min</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function reading(view: IncidentView['others'][number] | undefined): string {
  return view?.evaluation ? windowBurnText(view.evaluation.windows['5m']) : 'no data';
}

function burn(view: IncidentView['others'][number]): number {
  return view.evaluation?.windows['5m'].burn ?? -1;
}
