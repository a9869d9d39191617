import { plural } from '../../domain/plural.ts';
import { windowBurnText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import { troubleOf } from '../source-trouble.tsx';
import { useTicking } from '../ui/clock.tsx';
import { duration } from '../ui/duration.ts';
import { Elapsed, Time } from '../ui/time.tsx';
import type { IncidentView, SloView } from './view.ts';

/** The hero of an incident that no SLO of ours speaks for: what PagerDuty says, how the service's SLOs do, what would be needed. */
export function NoSlo({ view }: { view: IncidentView }) {
  const { incident, service, pagerDuty } = view;
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
    const known = pagerDuty[0]?.service;
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
  return (
    <section className="panel" aria-label="How bad it is">
      <HowItsSlosDo view={view} title={service.title} />
    </section>
  );
}

/** What the service's SLOs say: calm is claimed only of those whose figures are from now. */
function HowItsSlosDo({ view, title }: { view: IncidentView; title: string }) {
  const { incident, service, main, others, pagerDuty } = view;
  const first = pagerDuty[0] ?? null;
  const its = [...(main ? [main] : []), ...others].filter(({ slo }) => slo.service === service?.id);
  const blindOnes = useTicking((now) =>
    its
      .filter((each) => !each.evaluation || troubleOf(each, now) !== 'none')
      .map(({ slo }) => slo.id)
      .join(' '),
  ).split(' ');
  const isBlind = ({ slo }: SloView) => blindOnes.includes(slo.id);
  const blind = its.filter(isBlind);
  const known = its.filter((each) => !isBlind(each)).sort((a, b) => burn(b) - burn(a));
  const worst = known[0];
  return (
    <>
      <div className="say">
        <p className="say-sentence">
          {incident.resolvedAt === null
            ? stateOf(title, known, blind)
            : `It lasted ${duration(incident.resolvedAt - (incident.startedAt ?? incident.openedAt))}.`}
        </p>
        <p className="say-sub">
          {blind.length > 0 && <BlindSince blind={blind} />}
          {its.length === 0 && 'So there is no figure for how bad it is. '}
          {worst && `The highest is ${worst.slo.title} at ${reading(worst)} over the last 5 min. `}
          {first && `PagerDuty says: ${first.title}.`}
        </p>
      </div>
      {its.length > 0 && (
        <dl className="pairs border-t border-line px-3.5 py-3">
          {its.map((each) => (
            <div key={each.slo.id}>
              <dt>
                <a className="hover:underline" href={paths.slo(each.slo.id)}>
                  {each.slo.title}
                </a>
              </dt>
              <dd>{isBlind(each) ? 'not known' : `${reading(each)} over 5 min`}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function stateOf(title: string, known: SloView[], blind: SloView[]): string {
  const paging = known.filter(({ evaluation }) => evaluation?.tier?.startsWith('page'));
  const total = known.length + blind.length;
  if (total === 0) return `No SLO is declared for ${title}.`;
  if (paging.length > 0)
    return `${paging.map(({ slo }) => slo.title).join(', ')} ${paging.length === 1 ? 'burns' : 'burn'} at a page tier.`;
  if (blind.length === 0) return `No SLO of ${title} burns at a page tier.`;
  if (known.length === 0)
    return `Whether ${title} burns is not known: ${total === 1 ? 'its SLO is' : `all ${total} of its SLOs are`} blind.`;
  return `Whether ${title} burns is not known: ${blind.length} of ${plural(total, 'SLO')} ${blind.length === 1 ? 'is' : 'are'} blind, the rest ${known.length === 1 ? 'does' : 'do'} not burn at a page tier.`;
}

function BlindSince({ blind }: { blind: SloView[] }) {
  const ends = blind.flatMap(({ evaluation }) => evaluation?.dataTo ?? []);
  if (ends.length === 0) return 'No data has come so far. ';
  return (
    <>
      No data {blind.length === 1 ? '' : 'of all of them '}since <Time at={Math.min(...ends)} />.{' '}
    </>
  );
}

function reading({ evaluation, slo }: SloView): string {
  return evaluation ? windowBurnText(evaluation.windows['5m'], slo) : 'no data';
}

function burn({ evaluation }: SloView): number {
  return evaluation?.windows['5m'].burn ?? -1;
}
