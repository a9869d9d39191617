import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { WaitingRow } from '../components/approval/row.tsx';
import { AskedStageRow, WaitingStageRow } from '../components/approval/stage-rows.tsx';
import { waitingStages } from '../components/approval/waiting-stages.ts';
import { OutcomeChip } from '../components/run/approvals-panel.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { Age, Countdown } from '../components/ui/time.tsx';
import { waitsFor } from '../domain/run/gate-offers.ts';
import { paths } from '../paths.ts';

const recent = 20;

export const meta: MetaFunction = () => [{ title: 'Approvals · Firebreak' }];

export const handle = { topics: ['approvals', 'runs', 'freezes', 'follow-ups', 'rollouts'] };

/** What waits for this person, runs' steps and rollouts' stages, what they asked for, and sign-offs that are owed. */
export async function loader({ context }: LoaderFunctionArgs) {
  const actor = context.require('read');
  const { runs, rollouts, catalog } = context.stores;
  const [waiting, asked, owed, open, declared] = await Promise.all([
    runs.waitingApprovals(),
    runs.approvalRequests({ requester: actor.email, limit: recent }),
    runs.brokenGlass('owed'),
    rollouts.list({ open: true, limit: 200 }),
    catalog.current(),
  ]);
  const mine = waiting.filter((one) => waitsFor(actor, one));
  const others = waiting.filter((one) => !mine.includes(one) && one.request.requester.email !== actor.email);
  return { mine, others, asked, owed, stages: waitingStages(open, actor, declared) };
}

export default function Approvals() {
  const { mine, others, asked, owed, stages } = useLoaderData<typeof loader>();
  return (
    <>
      <div className="head">
        <h1>Approvals</h1>
        <div className="acts">
          <a className="btn quiet" href={paths.freezes()}>
            Freezes
          </a>
        </div>
      </div>
      <div className="col">
        <Panel title="Waiting for you">
          {mine.length + stages.mine.length === 0 && (
            <Empty title="Nobody waits for you">
              A change forward that its flag, service or runbook wants approved stands here with its plan, and a rollout
              whose next stage needs your word. Stops and undos wait for nobody.
            </Empty>
          )}
          {mine.map((one) => (
            <WaitingRow key={one.request.id} {...one} mine />
          ))}
          {stages.mine.map((one) => (
            <WaitingStageRow key={one.id} rollout={one} mine />
          ))}
        </Panel>
        {owed.length > 0 && (
          <Panel title="Sign-offs owed for broken glass">
            {owed.map((one) => (
              <a key={one.followUpId} className="row plain" href={paths.followUp(one.followUpId)}>
                <span>
                  <span className="row-title block">{one.by.name} broke the glass</span>
                  <span className="row-detail block">{one.reason}</span>
                </span>
                <span className="age">
                  <Countdown to={one.dueAt} over="overdue" />
                </span>
              </a>
            ))}
          </Panel>
        )}
        <Panel title="What you asked for">
          {asked.length + stages.own.length === 0 && (
            <Empty title="Nothing">What you ask others to approve stands here.</Empty>
          )}
          {stages.own.map((one) => (
            <AskedStageRow key={one.id} rollout={one} />
          ))}
          {asked.map((one) => (
            <a key={one.id} className="row plain" href={paths.runStep(one.runId, one.stepId)}>
              <span>
                <span className="row-title block">{one.reason}</span>
                <span className="row-detail block">
                  <Age at={one.askedAt} />
                  {one.approvals.length > 0 && ` · yes by ${one.approvals.map(({ actor }) => actor.name).join(', ')}`}
                  {one.endedReason && ` · ${one.endedReason}`}
                </span>
              </span>
              <OutcomeChip outcome={one.outcome} />
            </a>
          ))}
        </Panel>
        {others.length + stages.others.length > 0 && (
          <Panel title="Waiting for others">
            {others.map((one) => (
              <WaitingRow key={one.request.id} {...one} mine={false} />
            ))}
            {stages.others.map((one) => (
              <WaitingStageRow key={one.id} rollout={one} mine={false} />
            ))}
          </Panel>
        )}
      </div>
    </>
  );
}
