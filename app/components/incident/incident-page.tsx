import { mainPlace } from '../../domain/incident/main-place.ts';
import { systemOf } from '../../domain/slo/data-source.ts';
import { paths } from '../../paths.ts';
import { Changes } from '../changes.tsx';
import { DeliveryRows } from '../delivery/rows.tsx';
import { Panel } from '../ui/panel.tsx';
import { AcknowledgeButton } from './acknowledge-button.tsx';
import { ActingPanel } from './acting-panel.tsx';
import { AlsoBurning } from './also-burning.tsx';
import { DependsOn } from './depends-on.tsx';
import { FailuresPanel } from './failures.tsx';
import { IncidentHead } from './head.tsx';
import { HelpPanel } from './help.tsx';
import { Hero } from './hero.tsx';
import { MainButton } from './main-button.tsx';
import { NoSlo } from './no-slo.tsx';
import { OnCallPanel } from './on-call.tsx';
import { PastHero } from './past-hero.tsx';
import { RunbookPanel } from './runbook-panel.tsx';
import { SleepLine } from './sleep-line.tsx';
import { Suspects } from './suspects.tsx';
import { Timeline } from './timeline.tsx';
import type { IncidentView } from './view.ts';

/** The page an on-call engineer lands on: how bad, what is being done, what changed, what fails, what to do. */
export function IncidentPage({ view }: { view: IncidentView }) {
  const place = mainPlace(view.incident, view.suspects.value, view.runs);
  const weighed = view.service !== null;
  // A gauge has no events that fail somewhere.
  const hasEvents = view.main?.slo.indicator.kind !== 'gauge';
  return (
    <>
      <IncidentHead view={view} />
      <div className="two">
        <div className="col">
          <HowBad view={view} />
          <ActingPanel view={view} />
          {place.kind === 'help' && <HelpPanel view={view} />}
          <SleepLine view={view} />
          <AlsoBurning others={view.others} title={alsoTitle(view)} />
          {weighed ? <Suspects view={view} /> : <Changes changes={view.changes} title="What changed anywhere" />}
          {weighed && hasEvents && (
            <FailuresPanel
              view={view}
              system={view.main ? systemOf(view.main.slo) : undefined}
              past={view.incident.resolvedAt !== null}
            />
          )}
          <RunbookPanel view={view} />
        </div>
        <div className="col">
          <OnCallPanel
            read={view.onCall}
            known={weighed}
            lookingToo={{ names: view.lookingToo, path: paths.incident(view.incident.id) }}
          />
          {view.dependencies.length > 0 && <DependsOn dependencies={view.dependencies} />}
          {view.deliveries.length > 0 && (
            <Panel
              title="Told to the outside"
              aside={
                <a className="age hover:underline" href={paths.deliveries()}>
                  all →
                </a>
              }
            >
              <DeliveryRows deliveries={view.deliveries} withIncident={false} />
            </Panel>
          )}
          <Timeline entries={view.timeline} changes={view.changes} story={paths.incidentStory(view.incident.id)} />
        </div>
      </div>
      {view.incident.status === 'open' && (
        <div className="thumb">
          <AcknowledgeButton view={view} quiet />
          <MainButton view={view} />
        </div>
      )}
    </>
  );
}

function HowBad({ view }: { view: IncidentView }) {
  const { main, incident } = view;
  if (!main?.evaluation) return <NoSlo view={view} />;
  if (incident.status === 'resolved') return <PastHero view={view} main={main} evaluation={main.evaluation} />;
  return <Hero view={view} main={main} evaluation={main.evaluation} />;
}

function alsoTitle({ service, incident }: IncidentView): string {
  if (service === null) return 'Burns anywhere now';
  return incident.status === 'resolved' ? 'Burns here now' : 'Burns in the same incident';
}
