import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { NothingDeclared } from '../components/nothing-declared.tsx';
import { ShadowReport } from '../components/shadow/report.tsx';
import { ShadowForm } from '../components/shadow/shadow-form.tsx';
import { shadowSlos, shadowView } from '../components/shadow/view.ts';
import { readShadow, shadowQuery } from '../components/shadow/wish.ts';
import { Empty } from '../components/ui/empty.tsx';
import { PageLinks } from '../components/ui/page-links.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { Time } from '../components/ui/time.tsx';
import { inShadow } from '../domain/alert/shadow.ts';
import { paths } from '../paths.ts';

const perPage = 50;

export const meta: MetaFunction = () => [{ title: 'Shadow report · Firebreak' }];

export const handle = { topics: ['incidents', 'observations', 'catalog'] };

/** What Firebreak would have paged beside what people were paged for. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, clock, deployment } = context;
  const { mode } = deployment;
  const wish = readShadow(new URL(request.url).searchParams);
  const catalog = await stores.catalog.current();
  const timeZone = catalog?.timeZone ?? 'UTC';
  const slos = shadowSlos(catalog, mode, wish);
  const [view, pagerDuty] = await Promise.all([
    shadowView(slos, wish, { now: clock.now(), timeZone }, stores.shadow),
    stores.observations.get<unknown>('pagerduty', 'incidents'),
  ]);
  const used = new Set(
    (catalog?.slos ?? []).filter(({ paging }) => inShadow(paging, mode)).map(({ service }) => service),
  );
  return {
    wish,
    timeZone,
    catalogRead: catalog !== null,
    inShadow: used.size > 0,
    view: {
      ...view,
      rows: view.rows.slice(wish.from, wish.from + perPage),
      episodes: view.episodes.slice(0, perPage),
    },
    total: view.rows.length,
    episodesInAll: view.episodes.length,
    titles: Object.fromEntries(slos.map(({ id, title }) => [id, title])),
    pagerDuty,
    services: [...used].sort(),
    teams: [...new Set((catalog?.services ?? []).filter(({ id }) => used.has(id)).map(({ owner }) => owner))].sort(),
  };
}

export default function Shadow() {
  const page = useLoaderData<typeof loader>();
  const { wish, total, view } = page;
  const at = (from: number) => `${paths.shadow()}${shadowQuery({ ...wish, from })}`;
  return (
    <>
      <div className="head">
        <div>
          <h1>Shadow report</h1>
          <p className="meta">
            <span>
              What Firebreak would have paged, beside what people were paged for · <Time at={view.from} day="always" />{' '}
              to <Time at={view.to} day="always" />
            </span>
          </p>
        </div>
        <div className="acts">
          {/* A download: the browser must ask for it, not the router. */}
          <a
            className="btn quiet"
            href={`${paths.shadowCsv()}${shadowQuery({ ...wish, from: 0 })}`}
            download={`shadow-${wish.days}-days.csv`}
          >
            Download CSV
          </a>
        </div>
      </div>
      <div className="col">
        {!page.inShadow ? (
          <Panel title="In shadow">
            <NothingDeclared read={page.catalogRead} title="No SLO is in shadow">
              Firebreak pages for all of them, or another pager does. <code>firebreak.dev/paging: shadow</code> at an
              SLO records what it would have paged instead, and FIREBREAK_MODE shadow or observe does so for all.
            </NothingDeclared>
          </Panel>
        ) : (
          <>
            <ShadowForm wish={wish} teams={page.teams} services={page.services} />
            {wish.slo !== '' && (
              <p className="text-[13px] text-dim">
                Of one SLO.{' '}
                <a className="link" href={`${paths.shadow()}${shadowQuery({ ...wish, slo: '', from: 0 })}`}>
                  Show all
                </a>
              </p>
            )}
            {total === 0 ? (
              <Panel title="SLOs in shadow">
                <Empty title="No SLO in shadow is like that">
                  <a className="link" href={paths.shadow()}>
                    Show all
                  </a>
                </Empty>
              </Panel>
            ) : (
              <ShadowReport
                view={page.view}
                total={total}
                episodesInAll={page.episodesInAll}
                titles={page.titles}
                timeZone={page.timeZone}
                pagerDuty={page.pagerDuty}
              />
            )}
          </>
        )}
        <PageLinks
          before={wish.from > 0 ? at(Math.max(0, wish.from - perPage)) : null}
          after={wish.from + perPage < total ? at(wish.from + perPage) : null}
        />
      </div>
    </>
  );
}
