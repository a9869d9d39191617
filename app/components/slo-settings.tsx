import { plural } from '../domain/plural.ts';
import type { Slo } from '../domain/slo/slo.ts';
import { countedUnits, slicesText } from '../domain/slo/units.ts';
import { paths } from '../paths.ts';
import { CountedAnew } from './counted-anew.tsx';
import { Panel } from './ui/panel.tsx';

const minute = 60_000;
const paging = {
  shadow: 'shadow: what would have paged is only recorded',
  firebreak: 'Firebreak pages',
  'cloud-monitoring': 'Cloud Monitoring pages',
};

/** How an SLO's file sets it. */
export function SloSettings({
  slo,
  profile,
  minBadEvents,
  indicatorChangedAt,
  runbook,
}: {
  slo: Pick<Slo, 'period' | 'paging' | 'settle' | 'budgeting' | 'indicator'>;
  profile: string;
  minBadEvents: number;
  /** ms; null where it always had the same. */
  indicatorChangedAt: number | null;
  runbook: { slug: string; title: string } | null;
}) {
  const { period } = slo;
  return (
    <Panel title="How it is set">
      <dl className="pairs panel-body">
        <div>
          <dt>Period</dt>
          <dd>
            {period.kind === 'rolling'
              ? `last ${plural(period.days, 'day')}`
              : `calendar ${period.unit}, ${period.timeZone}`}
          </dd>
        </div>
        <div>
          <dt>Counts</dt>
          <dd>
            {slicesText(slo) ?? 'each event'}
            {indicatorChangedAt !== null && (
              <>
                , <CountedAnew at={indicatorChangedAt} />
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Paging</dt>
          <dd>{paging[slo.paging]}</dd>
        </div>
        <div>
          <dt>Burn profile</dt>
          <dd>{profile}</dd>
        </div>
        <div>
          <dt>Silent under</dt>
          <dd>
            {minBadEvents} bad {minBadEvents === 1 ? countedUnits(slo).replace(/s$/, '') : countedUnits(slo)}
          </dd>
        </div>
        <div>
          <dt>Data complete after</dt>
          <dd>{slo.settle / minute} min</dd>
        </div>
        {runbook && (
          <div>
            <dt>Runbook</dt>
            <dd>
              <a className="link" href={paths.runbook(runbook.slug)}>
                {runbook.title}
              </a>
            </dd>
          </div>
        )}
      </dl>
    </Panel>
  );
}
