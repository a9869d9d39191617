import { latestEffect } from '../../domain/incident/main-place.ts';
import { burnText } from '../../domain/slo/figures.ts';
import { windowMinutes } from '../../domain/slo/slo.ts';
import { paths } from '../../paths.ts';
import { Panel } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';
import { windowWords } from '../window-words.ts';
import type { IncidentView } from './view.ts';

/** "May I sleep?": when it clears, what pages again, what was left behind. Only once somebody has acted. */
export function SleepLine({ view }: { view: IncidentView }) {
  const effectAt = latestEffect(view.runs);
  const evaluation = view.main?.evaluation ?? null;
  if (effectAt === null || !view.main || !evaluation) return null;
  const tiers = view.main.profile?.tiers ?? [];
  const tier = tiers.find((each) => each.tier === evaluation.tier) ?? tiers.find((each) => each.tier === 'page-fast');
  if (!tier) return null;
  // What the windows still hold after the errors stopped, then the data's delay.
  const lag = (evaluation.clearing?.page ?? evaluation.at + windowMinutes[tier.short] * 60_000) - evaluation.at;
  const clearsAt = Math.max(effectAt, evaluation.at) + lag + view.main.slo.settle;
  const cleared = view.incident.status === 'resolved' || evaluation.tier === null;
  return (
    <Panel title="May I sleep?">
      <p className="panel-note">
        {cleared ? (
          'The page has cleared.'
        ) : (
          <>
            Clears at about <Time at={clearsAt} /> if the change holds.
          </>
        )}{' '}
        Pages again if both the last {windowWords(tier.long)} and the last {windowWords(tier.short)} burn at{' '}
        {burnText(tier.factor)} or more.{' '}
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
