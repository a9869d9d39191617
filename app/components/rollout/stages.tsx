import { guardName } from '../../domain/rollout/plan.ts';
import type { Rollout, RolloutRun } from '../../domain/rollout/rollout.ts';
import type { StageSight } from '../../domain/rollout/visible-harm.ts';
import { costWords, sightWords } from '../../domain/rollout/words.ts';
import { durationText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { tight } from '../ui/tight.ts';
import { GuardCounts } from './guard-counts.tsx';
import { stateChip } from './state.ts';

/** The stages in order: what each sets, how long it is watched, what its guards can see, and what it may cost. */
export function Stages({ rollout, sights, runs }: { rollout: Rollout; sights: StageSight[]; runs: RolloutRun[] }) {
  const { plan } = rollout;
  return (
    <Panel title="Stages">
      {plan.stages.map((stage, index) => {
        const sight = sights[index]!;
        const mine = runs.filter((run) => run.direction === 'forward' && run.stage === index);
        const chip = chipOf(rollout, index);
        return (
          <div className="row plain" key={stage.percent}>
            <span>
              <span className="row-title">
                {index + 1}. {tight(`${stage.percent} %`)}, watched for {tight(durationText(stage.hold))}
              </span>
              <span className="row-detail block">
                {stage.guards.map(guardName).join(' · ') || 'no guard'} · at least {stage.minRequests} requests ·
                windows of {tight(`${stage.window.short} min`)} and {tight(durationText(stage.window.long * 60_000))}
              </span>
              <span className={sight.blind ? 'row-detail block text-amber' : 'row-detail block'}>
                {tight(sightWords(sight, stage.percent))} It {tight(costWords(sight))}.
              </span>
              {stage.approve.length > 0 && (
                <span className="row-detail block">
                  {rollout.approvals[index]
                    ? `approved by ${rollout.approvals[index].by}`
                    : `needs the word of ${stage.approve.join(' or ')}`}
                </span>
              )}
              {mine.map(({ runId, attempt }) => (
                <a key={runId} className="link mr-3 text-[13px]" href={paths.run(runId)}>
                  run{mine.length > 1 && ` of try ${attempt}`}
                </a>
              ))}
            </span>
            <span className="acts">
              {sight.blind && <Chip tone="warn">blind</Chip>}
              {chip && <Chip tone={chip.tone}>{chip.text}</Chip>}
            </span>
          </div>
        );
      })}
      <GuardCounts plan={plan} />
      <p className="panel-note">
        A rollback leads to what stood before {plan.backTo === 'start' ? 'the first' : 'the present'} step. A hold for a
        spent budget or an incident ends {plan.resume === 'by-person' ? 'when somebody resumes it' : 'once it is calm'}.
      </p>
    </Panel>
  );
}

function chipOf(rollout: Rollout, index: number) {
  const { state, stage } = rollout;
  if (state === 'draft') return null;
  if (index > stage) return null;
  if (index < stage || state === 'done') return { tone: 'ok' as const, text: 'passed' };
  return stateChip(rollout);
}
