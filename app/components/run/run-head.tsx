import { paths } from '../../paths.ts';
import { LookingToo } from '../presence.tsx';
import { Chip } from '../ui/chip.tsx';
import { tight } from '../ui/tight.ts';
import { Time } from '../ui/time.tsx';
import type { RunPageData } from './run-page-data.ts';
import { runStates } from './run-state.ts';

/** What run it is, how it stands, who opened it and who has it, and what it belongs to. */
export function RunHead({ page }: { page: RunPageData }) {
  const { run, incident, runbook } = page;
  return (
    <div className="head">
      <div>
        <div className="acts">
          <Chip tone={runStates[run.state].tone}>{runStates[run.state].text}</Chip>
          {runbook?.moved && (
            <a href={paths.runFile(run.id)}>
              <Chip tone="warn">the runbook's file has moved on since: see it as it was</Chip>
            </a>
          )}
        </div>
        <h1 className="mt-2">{tight(run.title)}</h1>
        <p className="meta">
          <span>
            opened <Time at={run.openedAt} /> by {page.openedBy}
          </span>
          {run.assignee && (
            <span>
              <a className="link" href="#who-has-it">
                {run.assignee.name} has it now
              </a>
            </span>
          )}
          {incident && (
            <span>
              for{' '}
              <a className="link" href={paths.incident(incident.id)}>
                {incident.title}
              </a>
            </span>
          )}
          {runbook && (
            <span>
              from{' '}
              <a className="link" href={paths.runbook(runbook.slug)}>
                {runbook.title}
              </a>
            </span>
          )}
          {page.whole && (
            <span>
              a step of{' '}
              <a className="link" href={page.whole.path}>
                {page.whole.text}
              </a>
            </span>
          )}
          <LookingToo names={page.lookingToo} path={paths.run(run.id)} />
        </p>
      </div>
    </div>
  );
}
