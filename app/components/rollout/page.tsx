import type { Rollout } from '../../domain/rollout/rollout.ts';
import { isEnded } from '../../domain/rollout/transitions.ts';
import { costWords, standingWords } from '../../domain/rollout/words.ts';
import { paths } from '../../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { tight } from '../ui/tight.ts';
import { Age, Countdown, Time } from '../ui/time.tsx';
import { RolloutActs, RolloutThumb } from './acts.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { RolloutHistory } from './history.tsx';
import { Stages } from './stages.tsx';
import { stateChip } from './state.ts';
import { Verdicts } from './verdicts.tsx';
import type { RolloutPageData } from './view.ts';

/** One rollout: where it stands in plain words first, then why, what comes next, and what may be decided. */
export function RolloutPage({
  page,
  refused,
}: {
  page: RolloutPageData;
  /** What was sent last and why it was refused. */
  refused: { message: string; intent: string; reason: string } | null;
}) {
  const { rollout, sights, entries, runs, chart } = page;
  const chip = stateChip(rollout);
  const blind = sights.flatMap((sight, index) => (sight.blind ? [index + 1] : []));
  return (
    <>
      <div className="head">
        <div>
          <p className="mono text-dim">{rollout.target}</p>
          <h1>
            {rollout.title}: {tight(standingWords(rollout))}
          </h1>
          <p className="meta">
            <Chip tone={chip.tone}>{chip.text}</Chip>
            <span>
              stage {rollout.stage + 1} of {rollout.plan.stages.length}
            </span>
            <Subject rollout={rollout} />
            <span>{page.owners.length > 0 ? `owned by ${page.owners.join(', ')}` : 'no owner is declared'}</span>
            {rollout.actsFor && !isEnded(rollout.state) && <span>steps in the name of {rollout.actsFor.name}</span>}
          </p>
          <NextStep page={page} />
        </div>
        <div className="acts">
          <a className="btn quiet" href={paths.rollouts()}>
            All rollouts
          </a>
        </div>
      </div>
      {refused && <Problem>{refused.message}</Problem>}
      {rollout.held && (
        <p className="panel panel-note mb-4" role="status">
          <b>Held</b> <Age at={rollout.held.since} />: {tight(rollout.held.text)}
        </p>
      )}
      {rollout.shadow && (
        <p className="panel panel-note mb-4">In shadow: it judges and says what it would do, and changes nothing.</p>
      )}
      <div className="two">
        <div className="col">
          <Verdicts verdict={rollout.verdict} />
          {chart && <ChartPanel chart={chart} entries={entries} />}
          <Stages rollout={rollout} sights={sights} runs={runs} />
        </div>
        <div className="col">
          <RolloutActs offers={page.offers} epoch={rollout.epoch} blind={blind} refused={refused} />
          <RolloutHistory entries={entries} />
          {runs.some(({ direction }) => direction === 'back') && (
            <Panel title="The way back">
              {runs
                .filter(({ direction }) => direction === 'back')
                .map(({ runId, attempt }) => (
                  <a key={runId} className="row plain" href={paths.run(runId)}>
                    The run of the rollback{attempt > 1 && `, try ${attempt}`}
                  </a>
                ))}
            </Panel>
          )}
        </div>
      </div>
      <RolloutThumb offers={page.offers} />
    </>
  );
}

function Subject({ rollout: { subject, service } }: { rollout: Rollout }) {
  return (
    <>
      {subject.kind === 'flag' && (
        <a className="link" href={paths.flag(subject.flag)}>
          {subject.flag}
        </a>
      )}
      <a className="link" href={paths.service(service)}>
        {service}
      </a>
    </>
  );
}

/** The next step's clock, and what it may cost. */
function NextStep({ page: { rollout, sights, nextAt, waitsFor } }: { page: RolloutPageData }) {
  const next = rollout.plan.stages[rollout.stage + 1];
  if (nextAt === null) return null;
  const cost = sights[rollout.stage + 1];
  return (
    <p className="mt-2">
      {next ? tight(`Next step, to ${next.percent} %, `) : 'Done '}
      {rollout.state === 'held' ? 'not before ' : 'at '}
      <Time at={nextAt} /> (<Countdown to={nextAt} over="now, once its data are in" />)
      {next && cost && <>; it {tight(costWords(cost))}</>}.
      {waitsFor && <span className="why block">{tight(waitsFor)}</span>}
    </p>
  );
}
