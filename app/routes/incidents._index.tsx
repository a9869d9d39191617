import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { IncidentRows } from '../components/incident-list.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Pager } from '../components/ui/pager.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { paths } from '../paths.ts';

const perPage = 25;

export const meta: MetaFunction = () => [{ title: 'Incidents · Firebreak' }];

export const handle = { topics: ['incidents'] };

/** Open incidents, then the resolved ones newest first; `before` (opening time, ms) goes back. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const before = Number(new URL(request.url).searchParams.get('before')) || undefined;
  const [states, open, recent] = await Promise.all([
    context.stores.slos.states(),
    context.stores.incidents.open(),
    context.stores.incidents.recent(perPage + 1, before),
  ]);
  const page = recent.slice(0, perPage);
  return {
    open: before ? [] : open,
    vanished: states.filter((each) => each.evaluation.condition === 'traffic-vanished').map((each) => each.slo),
    resolved: page.filter((each) => each.status === 'resolved'),
    older: recent.length > perPage ? page[page.length - 1]!.openedAt : null,
    first: !before,
  };
}

export default function Incidents() {
  const page = useLoaderData<typeof loader>();
  return (
    <>
      <h1 className="mb-4">Incidents</h1>
      <div className="col">
        {page.first && (
          <Panel title="Open">
            {page.open.length === 0 && (
              <Empty title="No incident is open">
                One opens when an SLO burns at a page or ticket tier, or when PagerDuty opens one on a service. A ticket
                wakes nobody.
              </Empty>
            )}
            <IncidentRows incidents={page.open} vanished={page.vanished} />
          </Panel>
        )}
        <Panel title="Resolved">
          {page.resolved.length === 0 && (
            <Empty title="None yet">Resolved incidents stay here with their timeline.</Empty>
          )}
          <IncidentRows incidents={page.resolved} />
        </Panel>
        <Pager
          older={page.older === null ? null : `${paths.incidents()}?before=${page.older}`}
          newest={page.first ? null : paths.incidents()}
        />
      </div>
    </>
  );
}
