import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { addUp } from '../components/burn-chart/add-up.ts';
import { Changes } from '../components/changes.tsx';
import { FailuresPanel } from '../components/incident/failures.tsx';
import { IncidentRows } from '../components/incident-list.tsx';
import { SloHero, sloRanges } from '../components/slo-hero.tsx';
import { sloView } from '../components/slo-view.ts';
import { Panel } from '../components/ui/panel.tsx';
import type { ErrorLines, Failures } from '../domain/incident/observed.ts';
import { AppError, refusal } from '../errors.ts';
import { paths } from '../paths.ts';

const minute = 60_000;
const paging = {
  shadow: 'shadow: what would have paged is only recorded',
  firebreak: 'Firebreak pages',
  'cloud-monitoring': 'Cloud Monitoring pages',
};

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.view.slo.title ?? 'SLO'} · Firebreak` },
];

export const handle = { topics: ['slos', 'changes', 'incidents', 'observations', 'catalog'] };

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, clock } = context;
  const id = params.id ?? '';
  const catalog = await stores.catalog.current();
  const slo = catalog?.slos.find((each) => each.id === id);
  if (!catalog || !slo) throw refusal(new AppError('not_found', 'No SLO of this name is in the catalog.'));
  const now = clock.now();
  const wanted = new URL(request.url).searchParams.get('range');
  const range = sloRanges.find((each) => each.name === wanted) ?? sloRanges[0];
  const from = now - range.minutes * minute;
  const [state, points, changes, incidents, failures, lines] = await Promise.all([
    stores.slos.state(id),
    stores.slos.points(id, from, now),
    stores.changes.recent({ service: slo.service, since: from, until: now, limit: 12 }),
    stores.incidents.ofService(slo.service, 20),
    stores.observations.get<Failures>('cloud-monitoring', `failures/${id}`),
    stores.observations.get<ErrorLines>('cloud-logging', `loglines/${slo.service}`),
  ]);
  const view = sloView(catalog, id, state)!;
  return {
    now,
    dataTo: state?.evaluation.dataTo ?? null,
    view,
    description: slo.description,
    profile: slo.profile,
    minBadEvents: slo.minBadEvents,
    runbook: catalog.runbooks.find((each) => each.slug === slo.runbook)?.title ?? null,
    slug: slo.runbook,
    range: range.name,
    chart: { from, to: now, step: range.step },
    points: range.step > minute ? addUp(points, slo.objective, range.step) : points,
    changes,
    incidents: incidents.filter((each) => each.slo === id).slice(0, 8),
    /** What fails is read while an incident is open, and stays as it was after it. */
    watched: incidents.some((each) => each.slo === id && each.status === 'open'),
    failures,
    lines,
  };
}

export default function SloRoute() {
  const page = useLoaderData<typeof loader>();
  const { slo } = page.view;
  return (
    <>
      <div className="head">
        <div>
          <h1>{slo.title}</h1>
          <p className="meta">
            <a className="link" href={paths.service(slo.service)}>
              {slo.service}
            </a>
            {page.description && <span>{page.description}</span>}
          </p>
        </div>
      </div>
      <div className="two">
        <div className="col">
          <SloHero page={page} />
          <FailuresPanel view={page} past={!page.watched} />
          <Changes changes={page.changes} title="Changes in this range" />
        </div>
        <div className="col">
          <Panel title="How it is set">
            <dl className="pairs panel-body">
              <div>
                <dt>Period</dt>
                <dd>
                  {slo.period.kind === 'rolling' ? `last ${slo.period.days} days` : `calendar ${slo.period.unit}`}
                </dd>
              </div>
              <div>
                <dt>Paging</dt>
                <dd>{paging[slo.paging]}</dd>
              </div>
              <div>
                <dt>Burn profile</dt>
                <dd>{page.profile}</dd>
              </div>
              <div>
                <dt>Silent under</dt>
                <dd>{page.minBadEvents} bad events</dd>
              </div>
              <div>
                <dt>Data complete after</dt>
                <dd>{slo.settle / minute} min</dd>
              </div>
              {page.slug && page.runbook && (
                <div>
                  <dt>Runbook</dt>
                  <dd>
                    <a className="link" href={paths.runbook(page.slug)}>
                      {page.runbook}
                    </a>
                  </dd>
                </div>
              )}
            </dl>
          </Panel>
          {page.incidents.length > 0 && (
            <Panel title="Its incidents">
              <IncidentRows incidents={page.incidents} />
            </Panel>
          )}
        </div>
      </div>
    </>
  );
}
