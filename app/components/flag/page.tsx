import { Fragment } from 'react';
import type { Rollout } from '../../domain/rollout/rollout.ts';
import { whyWords } from '../../domain/rollout/words.ts';
import { paths } from '../../paths.ts';
import { FollowUpRows } from '../follow-up-rows.tsx';
import { useFreshness } from '../freshness.ts';
import { Freshly, ObservedPanel } from '../observed-panel.tsx';
import { RolloutLine } from '../rollout/line.tsx';
import { RunRows } from '../run/run-rows.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { tight } from '../ui/tight.ts';
import { Time } from '../ui/time.tsx';
import { AskForm } from './ask-form.tsx';
import { DriftPanel } from './drift.tsx';
import { Environment } from './environment.tsx';
import { FlagHistory } from './history.tsx';
import { type FlagFormName, type RefusedFlagForm, refusedForm } from './kept.ts';
import { KillNotices } from './kill-notices.tsx';
import { LaterForm } from './later-form.tsx';
import { Lifecycle } from './lifecycle.tsx';
import type { FlagPageData } from './page-data.ts';
import { ScheduleRows } from './schedules.tsx';
import { TurnForms } from './turn-forms.tsx';
import { UsagePanel } from './usage.tsx';
import type { EnvironmentView } from './view.ts';
import { WhoPanel } from './who-panel.tsx';

const staleAfter = 2 * 60_000;

/** One flag: who gets it in plain words first, then why, who asks for it and what happened to it. */
export function FlagPage({ page, refused }: { page: FlagPageData; refused: RefusedFlagForm | null }) {
  const environments = page.read.value ?? [];
  const unknown = page.readOnce ? 'Unleash does not have it' : 'Unleash has not been read yet';
  const fresh = useFreshness(page.read, staleAfter);
  const shows = (form: FlagFormName, of: EnvironmentView) =>
    form === 'turn' || (of.declared && (form === 'ask' ? page.mayAsk : page.whyNot === null));
  const at = refusedForm(refused, (form, name) => environments.some((of) => of.name === name && shows(form, of)));
  const refusedIn = (form: FlagFormName, name: string) =>
    at?.form === form && at.environment === name ? refused : null;
  return (
    <>
      <div className="head">
        <div>
          <p className="mono text-dim">{page.name}</p>
          <h1>
            {page.title}: {environments.length === 0 && unknown}
            {environments.map(({ name, headline }, index) => (
              <Fragment key={name}>
                {index > 0 && ' · '}
                {tight(headline)}
                <RolloutWords
                  rollout={page.rollouts.find(({ target }) => target === `flag/${name}/${page.name}`)}
                  nextSteps={page.nextSteps}
                />
              </Fragment>
            ))}
          </h1>
          <p className="meta">
            <span>{page.type}</span>
            {page.service && (
              <a className="link" href={paths.service(page.service)}>
                {page.service}
              </a>
            )}
            <span>{page.owners.length > 0 ? `owned by ${page.owners.join(', ')}` : 'no owner is declared'}</span>
            <span>{page.safe ? `safe when ${page.safe}` : 'no safe state is declared'}</span>
            <Freshly state={fresh} />
            {page.followUps.length > 0 && <Chip tone="warn">killed</Chip>}
            {page.stale.length > 0 && <Chip tone="warn">to be cleaned up</Chip>}
            {page.drift.rows.length > 0 && (
              <a href="#drift">
                <Chip tone="warn">differs from its file</Chip>
              </a>
            )}
          </p>
          {page.description && <p className="mt-2 text-dim">{page.description}</p>}
        </div>
      </div>
      {refused && (!at || refused.notSent) && <Problem>{refused.message}</Problem>}
      {fresh.state === 'stale' && fresh.error && (
        <p className="panel-note">Unleash does not answer: {fresh.error}. Below is what was last known.</p>
      )}
      <div className="two">
        <div className="col">
          <KillNotices notices={page.notices} title="Why it was made safe" />
          {environments.map((view) => (
            <Environment key={view.name} view={view}>
              <TurnForms
                view={view}
                safe={page.safe}
                killed={page.followUps.some(({ target }) => target === `flag/${view.name}/${page.name}`)}
                why={page.whyNot}
                refused={refusedIn('turn', view.name)}
              />
              <RolloutLine
                flag={page.name}
                environment={view.name}
                rollouts={page.rollouts}
                offer={page.whyNot === null && view.now.percent < 100}
              />
              {shows('ask', view) && (
                <div className="panel-body">
                  <AskForm environment={view.name} owners={page.owners} refused={refusedIn('ask', view.name)} />
                </div>
              )}
              {shows('later', view) && (
                <div className="panel-body">
                  <LaterForm
                    key={page.schedules.length}
                    environment={view.name}
                    timeZone={page.timeZone}
                    refused={refusedIn('later', view.name)}
                  />
                </div>
              )}
            </Environment>
          ))}
          {environments.length === 0 && (
            <ObservedPanel
              title="Environments"
              system="Unleash"
              read={{ ...page.read, value: null }}
              empty={<Empty title={unknown}>Applications that ask for it get their own fallback.</Empty>}
            >
              {() => null}
            </ObservedPanel>
          )}
          <DriftPanel drift={page.drift} whyNot={page.whyNot} />
          <WhoPanel flag={page.name} view={page.who} />
          <UsagePanel read={page.hours} fleets={page.fleets} />
          <FlagHistory changes={page.changes} />
        </div>
        <div className="col">
          <Lifecycle page={page} />
          {page.followUps.length > 0 && (
            <Panel title="Left behind">
              <FollowUpRows followUps={page.followUps} />
            </Panel>
          )}
          {page.schedules.length > 0 && (
            <Panel title="Planned for later" id="planned">
              <ScheduleRows schedules={page.schedules} cancel={page.whyNot === null} />
            </Panel>
          )}
          <Panel title="Runs that touched it">
            {page.runs.length === 0 && <Empty title="None yet">What Firebreak changes here stands here.</Empty>}
            <RunRows runs={page.runs} />
          </Panel>
        </div>
      </div>
    </>
  );
}

/** ", next step 14:00, rollout held because no data comes": behind the share that a guarded rollout has reached. */
function RolloutWords({ rollout, nextSteps }: { rollout: Rollout | undefined; nextSteps: FlagPageData['nextSteps'] }) {
  if (!rollout) return null;
  const at = nextSteps[rollout.id] ?? null;
  return (
    <>
      {at !== null && (
        <>
          , next step <Time at={at} />
        </>
      )}
      , {rollout.shadow && 'in shadow: '}
      {rollout.state === 'held' && 'rollout '}
      {whyWords(rollout)}
    </>
  );
}
