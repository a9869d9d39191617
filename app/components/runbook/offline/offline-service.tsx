import type { FlagDeclaration } from '../../../domain/flag/flag.ts';
import { safeWords } from '../../../domain/flag/safe-words.ts';
import { failureLog, type HandFacts, handWork } from '../../../domain/run/commands/by-hand.ts';
import { openIncidents, page, whoIsOnCall } from '../../../domain/run/commands/pagerduty-commands.ts';
import type { Runbook } from '../../../domain/runbook/runbook.ts';
import type { Service } from '../../../domain/service/service.ts';
import { Command } from '../../ui/command.tsx';
import { Panel } from '../../ui/panel.tsx';
import { HandWorkView } from '../hand-work-view.tsx';
import { type LastSeen, SeenAt } from './last-seen.tsx';

/** What the console last saw of a service. */
export interface SeenService {
  traffic: { revision: string; percent: number }[];
  /** Newest first. */
  revisions: { name: string; createdAt: number; ready: boolean }[];
}

/** How to make a service safe without the console: its flags, its traffic, who is on call. */
export function OfflineService({
  service,
  flags,
  runbooks,
  facts,
  seen,
}: {
  service: Service;
  flags: readonly FlagDeclaration[];
  runbooks: readonly { runbook: Runbook; href: string }[];
  facts: HandFacts;
  seen: LastSeen<SeenService> | null;
}) {
  const back = handWork('cloudrun.traffic', { to: 'previous-healthy', percent: 100, first: 5, hold: '2m' }, facts);
  return (
    <div className="col">
      <div className="head">
        <div>
          <h1>{service.title}</h1>
          <p className="meta">
            <span className="mono">{service.id}</span>
            <span>owned by {service.owner}</span>
            {service.dependsOn.length > 0 && <span>calls {service.dependsOn.join(', ')}</span>}
          </p>
        </div>
      </div>
      <p>{service.description}</p>
      {flags.length > 0 && (
        <Panel title="Its flags">
          {flags.map((flag) => (
            <a key={flag.name} className="row plain" href={`../flags/${encodeURIComponent(flag.name)}.html`}>
              <span>
                <span className="row-title block">{flag.title}</span>
                <span className="row-detail">
                  <span className="mono">{flag.name}</span>, safe when {safeWords(flag.safe)}
                </span>
              </span>
            </a>
          ))}
        </Panel>
      )}
      {runbooks.length > 0 && (
        <Panel title="Its runbooks">
          {runbooks.map(({ runbook, href }) => (
            <a key={runbook.slug} className="row plain" href={href}>
              <span className="row-title">{runbook.title}</span>
            </a>
          ))}
        </Panel>
      )}
      {seen && <Seen seen={seen} />}
      {service.cloudRun ? (
        <>
          <Panel title="Route it back">
            <div className="panel-body grid gap-3">
              <p>
                Look first whether a migration went with the new revision: old code on a new layout turns some errors
                into only errors.
              </p>
              <HandWorkView work={back} />
              <HandWorkView work={handWork('cloudrun.traffic', { to: 'LATEST', percent: 100 }, facts)} />
            </div>
          </Panel>
          <Panel title="See what fails">
            <div className="panel-body">
              <Command {...failureLog(service.cloudRun)} />
            </div>
          </Panel>
        </>
      ) : (
        <p>Nothing of its own can be routed: only its flags, if it has any, and those who run it help.</p>
      )}
      <Panel title="Who is on call">
        <div className="panel-body grid gap-3">
          {service.pagerDutyService ? (
            <>
              <Command {...whoIsOnCall(service.pagerDutyService)} />
              <Command {...openIncidents(service.pagerDutyService)} />
            </>
          ) : (
            <p>No PagerDuty service is declared. Team {service.owner} owns it.</p>
          )}
          <Command {...page(`${service.title} needs somebody: Firebreak is down`, service.id)} />
        </div>
      </Panel>
    </div>
  );
}

function Seen({ seen }: { seen: LastSeen<SeenService> }) {
  return (
    <Panel title="When the console last looked">
      <dl className="facts panel-body">
        <div>
          <dt>traffic</dt>
          <dd>{seen.value.traffic.map(({ revision, percent }) => `${percent} % ${revision}`).join(', ')}</dd>
        </div>
        <div>
          <dt>newest revisions</dt>
          <dd>
            {seen.value.revisions
              .slice(0, 6)
              .map(
                ({ name, createdAt, ready }) =>
                  `${name} (${new Date(createdAt).toISOString().slice(0, 16)}Z${ready ? '' : ', not ready'})`,
              )
              .join(', ')}
          </dd>
        </div>
      </dl>
      <SeenAt seen={seen} />
    </Panel>
  );
}
