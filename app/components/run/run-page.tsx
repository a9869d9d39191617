import type { Run } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import { RefreshSoon } from '../refresh-soon.tsx';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { Elapsed, Time } from '../ui/time.tsx';
import { ApprovalsPanel } from './approvals-panel.tsx';
import { BrokenGlassBanner } from './broken-glass-banner.tsx';
import { CancelForm } from './cancel-form.tsx';
import { HandSwitch } from './hand-switch.tsx';
import { NotesPanel } from './notes-panel.tsx';
import { RunHead } from './run-head.tsx';
import type { RunPageData } from './run-page-data.ts';
import { runStates } from './run-state.ts';
import { RunSteps } from './run-steps.tsx';
import { SleepPanel } from './sleep-panel.tsx';
import { TakeOverForm } from './take-over-form.tsx';
import type { RunViewer, StepFailure } from './viewer.ts';

/** A run: its steps with their plans, receipts and proofs; who else works on the same service; what it left behind. */
export function RunPage({ page, failure }: { page: RunPageData; failure: StepFailure | null }) {
  const { run } = page;
  const viewer: RunViewer = {
    actor: { role: page.actor.role, flags: page.ownFlags },
    mode: page.mode,
    waiting: page.waiting,
    failure,
    gated: page.gated,
    hand: page.hand ?? undefined,
    from: null,
    lines: page.lines,
  };
  const live = run.state === 'open' || run.state === 'prepared';
  const planning = live && run.steps.some((step) => step.state === 'pending') && !run.steps.some(isBusy);
  const waiting = run.steps.find((step) => step.state === 'blocked');
  const orphan = failure && !isWritten(failure) && !run.steps.some((step) => step.id === failure.stepId);
  return (
    <>
      <RunHead page={page} />
      <div className="two">
        <div className="col">
          {orphan && <Problem>{failure.message}</Problem>}
          {planning && (
            <p className="panel panel-note" role="status">
              Planning: the engine reads the world. This page shows the plan as soon as it is there.
              <RefreshSoon />
            </p>
          )}
          {page.holder && (
            <div className="panel panel-note" role="status">
              {page.holder.holder} has held the target for <Elapsed since={page.holder.since} />:{' '}
              <a className="link" href={paths.runStep(page.holder.runId, page.holder.stepId)}>
                see that run
              </a>
              .{waiting && <TakeOverForm run={run} step={waiting} viewer={viewer} holder={page.holder} />}
            </div>
          )}
          <BrokenGlassBanner glass={page.gated.glass} person={page.actor} />
          <SleepPanel run={run} facts={page.sleep} followUps={page.followUps} />
          {live && <HandSwitch run={run} on={page.hand !== null} />}
          <Panel title="Steps">
            <RunSteps run={run} viewer={viewer} />
          </Panel>
        </div>
        <div className="col">
          <Panel title="Inputs">
            <dl className="pairs panel-body">
              {Object.entries(run.inputs).map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd className="mono">{value}</dd>
                </div>
              ))}
              {Object.keys(run.inputs).length === 0 && <div className="text-dim">none</div>}
            </dl>
          </Panel>
          {page.others.length > 0 && (
            <Panel title={`Other open runs on ${run.service}`}>
              {page.others.map((each) => (
                <a key={each.id} className="row plain" href={paths.run(each.id)}>
                  <span>
                    <span className="row-title block">{each.title}</span>
                    <span className="row-detail">by {each.openedBy}</span>
                  </span>
                  <Chip tone={runStates[each.state].tone}>{each.state}</Chip>
                </a>
              ))}
            </Panel>
          )}
          {page.followUps.length > 0 && (
            <Panel title="Left behind">
              {page.followUps.map((each) => (
                <a key={each.id} className="row plain" href={paths.followUps()}>
                  <span className="row-title">{each.title}</span>
                  <span className="age">
                    {each.dueAt !== null && (
                      <>
                        due <Time at={each.dueAt} day="always" />
                      </>
                    )}
                  </span>
                </a>
              ))}
            </Panel>
          )}
          <NotesPanel run={run} actor={page.actor} people={page.people} notes={page.notes} failure={failure} />
          <ApprovalsPanel requests={page.gated.requests} />
          <CancelForm run={run} actor={page.actor} failure={failure} />
        </div>
      </div>
    </>
  );
}

/** A refusal that stands beside its own form. */
function isWritten({ values }: StepFailure): boolean {
  return ['note', 'hand-over', 'take'].includes(values.intent ?? '');
}

function isBusy(step: Run['steps'][number]): boolean {
  return !['pending', 'succeeded', 'skipped', 'undone'].includes(step.state);
}
