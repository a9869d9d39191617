import { may } from '../../domain/audit/permission.ts';
import { mainPlace } from '../../domain/incident/main-place.ts';
import { pageName, waitingPages } from '../../domain/incident/waiting-pages.ts';
import { refusal } from '../../domain/run/offers.ts';
import { paths } from '../../paths.ts';
import { RunSteps } from '../run/run-steps.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { PostButton } from '../ui/post-button.tsx';
import { embeddedRun } from './embedded-run.ts';
import type { IncidentView } from './view.ts';

/** The incident's runbook: its run with the first change already planned, or the way to open it; the text is always one click away. */
export function RunbookPanel({ view }: { view: IncidentView }) {
  const { runbook } = view;
  if (!runbook) {
    return (
      <Panel title="Runbook" id="runbook">
        <Empty title="No runbook is declared for this">
          Name one on the SLO or the service in <code>alerts/</code> with <code>firebreak.dev/runbook</code>; all of
          them are under{' '}
          <a className="link" href={paths.runbooks()}>
            Runbooks
          </a>
          .
        </Empty>
      </Panel>
    );
  }
  const run = embeddedRun(view);
  const quiet = ['help', 'resolved'].includes(mainPlace(view.incident, view.suspects.value, view.runs).kind);
  return (
    <Panel
      id="runbook"
      title={
        <>
          Runbook ·{' '}
          <a className="hover:underline" href={paths.runbook(runbook.slug)}>
            {runbook.title}
          </a>
        </>
      }
      aside={
        run && (
          <>
            {run.digest !== runbook.digest && <Chip tone="warn">the file has moved on</Chip>}
            <a className="age hover:underline" href={paths.run(run.id)}>
              {run.state === 'prepared' ? 'prepared, nothing changed yet' : `run ${run.state}`} →
            </a>
          </>
        )
      }
    >
      {run ? (
        <RunSteps
          run={run}
          viewer={{
            actor: { role: view.actor.role, flags: view.ownFlags },
            mode: view.mode,
            waiting: waitingPages(view.pagerDuty).map(pageName),
            failure: null,
            gated: { person: view.actor, gates: view.gates },
            from: 'incident',
            quiet,
          }}
        />
      ) : (
        <div className="panel-body grid gap-3">
          <p className="text-[13px] text-dim">
            {runbook.hasSteps
              ? 'No run of it is open. Opening one plans its first step and changes nothing.'
              : 'This runbook is text only: it has no steps that act.'}
          </p>
          <div className="acts">
            {runbook.hasSteps && view.incident.status === 'open' && (
              <PostButton
                fields={{ intent: 'open-runbook' }}
                why={may(view.actor.role, 'run.open') ? null : refusal(view.actor.role)}
              >
                Open run
              </PostButton>
            )}
            <a className="btn quiet" href={paths.runbook(runbook.slug)}>
              Read it
            </a>
          </div>
        </div>
      )}
    </Panel>
  );
}
