import { latestEffect } from '../../domain/incident/main-place.ts';
import { pageEnd } from '../../domain/incident/page-end.ts';
import { burnText } from '../../domain/slo/figures.ts';
import { windowMinutes } from '../../domain/slo/slo.ts';
import { paths } from '../../paths.ts';
import { useTrouble } from '../source-trouble.tsx';
import { Panel } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';
import { windowWords } from '../window-words.ts';
import type { IncidentView, SloView } from './view.ts';

/** "May I sleep?": when it clears or why not, what pages again, what was left behind. Only once somebody has acted. */
export function SleepLine({ view }: { view: IncidentView }) {
  const effectAt = latestEffect(view.runs);
  const evaluation = view.main?.evaluation ?? null;
  if (view.incident.level === 'ticket' || effectAt === null || !view.main || !evaluation) return null;
  const tiers = view.main.profile?.tiers ?? [];
  const tier = tiers.find((each) => each.tier === evaluation.tier) ?? tiers.find((each) => each.tier === 'page-fast');
  if (!tier) return null;
  // What the windows still hold after the errors stopped, then the data's delay.
  const lag = (evaluation.clearing?.page ?? evaluation.at + windowMinutes[tier.short] * 60_000) - evaluation.at;
  const clearsAt = Math.max(effectAt, evaluation.at) + lag + view.main.slo.settle;
  return (
    <Panel title="May I sleep?">
      <p className="panel-note">
        <End view={view} main={view.main} clearsAt={clearsAt} factor={tier.factor} /> Pages again if both the last{' '}
        {windowWords(tier.long)} and the last {windowWords(tier.short)} burn at {burnText(tier.factor)} or more.{' '}
        {view.followUps.length === 0 ? (
          'Nothing is left behind.'
        ) : (
          <>
            Left behind:{' '}
            <a className="link" href={paths.followUps()}>
              {view.followUps.map((each) => each.title).join('; ')}
            </a>
            .
          </>
        )}
      </p>
    </Panel>
  );
}

function End(props: { view: IncidentView; main: SloView; clearsAt: number; factor: number }) {
  const { view, main, clearsAt, factor } = props;
  const { evaluation, slo } = main;
  const trouble = useTrouble(main);
  const blind = trouble !== 'none' || evaluation?.condition === 'data-error';
  const { kind, still } = pageEnd(view.incident, view.alerts, evaluation, blind);
  const titles = still.map((id) => view.others.find((each) => each.slo.id === id)?.slo.title ?? id);
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
