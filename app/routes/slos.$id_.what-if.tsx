import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { WhatIfResult } from '../components/slo-what-if/result.tsx';
import { whatIfView } from '../components/slo-what-if/view.ts';
import { WhatIfFields } from '../components/slo-what-if/what-if-form.tsx';
import { readWhatIf, whatIfSetting } from '../components/slo-what-if/wish.ts';
import { Empty } from '../components/ui/empty.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { defaultProfile, defaultTiers, type TierShare } from '../domain/slo/profiles.ts';
import { hourMs } from '../domain/slo/series.ts';
import { AppError, refusal } from '../errors.ts';
import { paths } from '../paths.ts';

/** Hours that are replayed: what the engine keeps in reach of a period. */
const replayedHours = 35 * 24;
/** Hours whose minutes may still be there. */
const minuteHours = 3 * 24 + 3;

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `What if · ${page?.slo.title ?? 'SLO'} · Firebreak` },
];

export const handle = { topics: ['catalog'] };

/** Replays what is stored of an SLO under another objective, period and profile. Reads the hours of 35 days, and the minutes of three. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores } = context;
  const id = params.id ?? '';
  const catalog = await stores.catalog.current();
  const slo = catalog?.slos.find((each) => each.id === id);
  if (!catalog || !slo) throw refusal(new AppError('not_found', 'No SLO of this name is in the catalog.'));
  const profile = catalog.profiles[id] ?? defaultProfile(slo.period);
  const profiles = new Map<string, readonly TierShare[]>([
    ['default', defaultTiers],
    ...Object.values(catalog.profiles).map(({ name, tiers }) => [name, tiers] as [string, TierShare[]]),
  ]);
  const today = { objective: String(Number((slo.objective * 100).toFixed(6))), days: '', profile: profile.name };
  const form = readWhatIf(new URL(request.url).searchParams, today);
  const { setting, wrong } = whatIfSetting(form, slo.period, profiles);
  const at = (await stores.slos.state(id))?.evaluation.at ?? null;
  const { title, service, indicator, budgeting, objective, period } = slo;
  const page = {
    slo: { id, title, service, indicator, budgeting, objective, period },
    form,
    wrong: wrong ?? {},
    profiles: [...profiles.keys()],
  };
  if (!setting || at === null) return { ...page, view: null, other: null };
  const newest = Math.floor(at / hourMs);
  const byMinute = Array.from({ length: minuteHours }, (_, i) => newest - i);
  const counts = await stores.sloCounts.counts(id, { from: (newest - replayedHours) * hourMs, to: at, byMinute });
  const oldest = [...counts.hours.keys()].reduce((least, hour) => Math.min(least, hour), newest);
  const range = { from: oldest * hourMs, to: at };
  const view = whatIfView(counts, range, slo.minBadEvents, { objective, period, profile }, setting);
  return { ...page, view, other: { objective: setting.objective, period: setting.period } };
}

export default function WhatIf() {
  const { slo, form, wrong, profiles, view, other } = useLoaderData<typeof loader>();
  const { period } = slo;
  return (
    <>
      <div className="head">
        <div>
          <h1>What if {slo.title} were set otherwise?</h1>
          <p className="meta">
            <a className="link" href={paths.slo(slo.id)}>
              {slo.title}
            </a>
            <span>Nothing changes by trying; what holds is the file in the catalog.</span>
          </p>
        </div>
      </div>
      <div className="col">
        <Panel title="Another setting">
          <WhatIfFields
            slo={slo.id}
            form={form}
            wrong={wrong}
            period={period.kind === 'rolling' ? `as it is, ${period.days} days` : `as it is, calendar ${period.unit}`}
            profiles={profiles}
          />
        </Panel>
        {view && other && <WhatIfResult view={view} periods={{ present: slo, other: { ...slo, ...other } }} />}
        {!view && Object.keys(wrong).length === 0 && (
          <Panel title="Stored history">
            <Empty title="Nothing is stored yet">
              The engine stores each minute once the SLO’s source has been read.
            </Empty>
          </Panel>
        )}
      </div>
    </>
  );
}
