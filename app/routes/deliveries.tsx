import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { DeliveryRows } from '../components/delivery/rows.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { PageLinks } from '../components/ui/page-links.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { paths } from '../paths.ts';

const perPage = 50;
/** Those that did not arrive are few, or there are more of the same. */
const mostOpen = 100;

export const meta: MetaFunction = () => [{ title: 'Pages and tickets sent · Firebreak' }];

export const handle = { topics: ['incidents'] };

/** Every page and ticket with its state: first what has not arrived, then all, newest first. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const { deliveries } = context.stores;
  const params = new URL(request.url).searchParams;
  const given = Number(params.get('before'));
  const before = params.has('before') && Number.isSafeInteger(given) ? given : undefined;
  const [open, recent] = await Promise.all([
    before === undefined ? deliveries.recent({ limit: mostOpen, open: true }) : [],
    deliveries.recent({ limit: perPage + 1, before, open: false }),
  ]);
  return {
    open,
    recent: recent.slice(0, perPage),
    older: recent.length > perPage ? recent[perPage - 1]!.at : null,
    newest: before === undefined,
  };
}

export default function Deliveries() {
  const page = useLoaderData<typeof loader>();
  return (
    <>
      <div className="head">
        <h1>Pages and tickets sent</h1>
        <div className="acts">
          <a className="btn quiet" href={paths.silences()}>
            Silences
          </a>
        </div>
      </div>
      <div className="col">
        {page.open.length > 0 && (
          <Panel title="Not arrived">
            <DeliveryRows deliveries={page.open} withIncident />
          </Panel>
        )}
        <Panel title="All">
          {page.recent.length === 0 && (
            <Empty title="Nothing was sent yet">
              What Firebreak tells PagerDuty or the tickets’ system stands here for 30 days, with what came of it.
            </Empty>
          )}
          <DeliveryRows deliveries={page.recent} withIncident />
        </Panel>
        <PageLinks
          before={page.newest ? null : paths.deliveries()}
          after={page.older === null ? null : `${paths.deliveries()}?before=${page.older}`}
        />
      </div>
    </>
  );
}
