import type { Alert } from '../../domain/alert/alert.ts';
import type { FollowUp } from '../../domain/follow-up/follow-up.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { latestEffect } from '../../domain/incident/main-place.ts';
import { pageEnd } from '../../domain/incident/page-end.ts';
import { pageOutlook } from '../../domain/incident/page-outlook.ts';
import type { Run } from '../../domain/run/run.ts';
import { burnText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import { useTrouble } from '../source-trouble.tsx';
import { Panel } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';
import { windowWords } from '../window-words.ts';
import type { SloView } from './view.ts';

/** What the answer to "may I sleep?" is made of, on the page of an incident and of a run. */
export interface SleepFacts {
  incident: Pick<Incident, 'status' | 'slo' | 'level'>;
  /** The incident's, cleared ones too. */
  alerts: Alert[];
  runs: Run[];
  main: SloView | null;
  /** Where the names of its other SLOs stand. */
  others: { slo: Pick<SloView['slo'], 'id' | 'title'> }[];
}

/** "May I sleep?": when it clears or why not, what pages again, what was left behind. Only once somebody has acted. */
export function SleepLine({ view }: { view: SleepFacts & { followUps: FollowUp[] } }) {
  const outlook = outlookOf(view);
  if (!outlook) return null;
  return (
    <Panel title="May I sleep?">
      <p className="panel-note">
        <PageWords facts={view} outlook={outlook} /> <LeftBehind followUps={view.followUps} />
      </p>
    </Panel>
  );
}

type Outlook = NonNullable<ReturnType<typeof outlookOf>>;

/** When the page clears and what pages again; null for a ticket, before any change, and where no SLO stands behind it. */
export function outlookOf({ incident, runs, main }: SleepFacts) {
  const effectAt = latestEffect(runs);
  if (incident.level === 'ticket' || effectAt === null || !main?.evaluation) return null;
  const outlook = pageOutlook(effectAt, main.evaluation, main.profile?.tiers ?? [], main.slo.settle);
  return outlook && { ...outlook, main };
}

/** The same as sentences. */
export function PageWords({ facts, outlook }: { facts: SleepFacts; outlook: Outlook }) {
  const { tier, clearsAt, main } = outlook;
  return (
    <>
      <End facts={facts} main={main} clearsAt={clearsAt} factor={tier.factor} /> Pages again if both the last{' '}
      {windowWords(tier.long)} and the last {windowWords(tier.short)} burn at {burnText(tier.factor)} or more.
    </>
  );
}

/** What was left behind, each with the time it is due. */
export function LeftBehind({ followUps }: { followUps: FollowUp[] }) {
  if (followUps.length === 0) return 'Nothing is left behind.';
  return (
    <>
      Left behind:{' '}
      {followUps.map(({ id, title, dueAt }, index) => (
        <span key={id}>
          {index > 0 && '; '}
          <a className="link" href={paths.followUps()}>
            {title}
          </a>
          {dueAt === null ? ', with no due date' : ', due '}
          {dueAt !== null && <Time at={dueAt} day="always" />}
        </span>
      ))}
      .
    </>
  );
}

function End(props: { facts: SleepFacts; main: SloView; clearsAt: number; factor: number }) {
  const { facts, main, clearsAt, factor } = props;
  const { evaluation, slo } = main;
  const trouble = useTrouble(main);
  const blind = trouble !== 'none' || evaluation?.condition === 'data-error';
  const { kind, still } = pageEnd(facts.incident, facts.alerts, evaluation, blind);
  const titles = still.map((id) => facts.others.find((each) => each.slo.id === id)?.slo.title ?? id);
  const others = `${titles.join(', ')} still ${titles.length === 1 ? 'pages' : 'page'}.`;
  const burn = blind ? null : (evaluation?.windows['5m'].burn ?? null);
  if (kind === 'cleared' && burn !== null && burn >= factor) {
    return `Not so sure: the page had cleared, and ${slo.title} burns ${burnText(burn)} again over the last 5 min.`;
  }
  if (kind === 'cleared') return 'The page has cleared.';
  if (kind === 'theirs') return 'Our alerts have cleared; the incident stands until it is resolved in PagerDuty.';
  if (kind === 'elsewhere') return `Not yet: ${slo.title} has cleared, ${others}`;
  return (
    <>
      {kind === 'blind' &&
        `Not known: no data says whether ${slo.title} still burns, and its page stands until some does.`}
      {kind === 'held' &&
        `Not yet: ${slo.title} is under its bounds on the data there is, and pages until more of it proves that.`}
      {kind === 'counting' && (
        <>
          {slo.title} clears at about <Time at={clearsAt} /> if the change holds.
        </>
      )}
      {still.length > 0 && ` ${others}`}
    </>
  );
}
