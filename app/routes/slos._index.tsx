import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { byUrgency, sloRow } from '../components/overview.ts';
import { SloTable } from '../components/slo-table.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Pager } from '../components/ui/pager.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { paths } from '../paths.ts';

const perPage = 50;

export const meta: MetaFunction = () => [{ title: 'SLOs · Firebreak' }];

export const handle = { topics: ['slos', 'catalog'] };

/** All SLOs by urgency, `q` narrows by id, title or service, `from` is the first row's place. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores } = context;
  const { searchParams } = new URL(request.url);
  const query = (searchParams.get('q') ?? '').slice(0, 100);
  const from = Math.max(0, Number(searchParams.get('from')) || 0);
  const [catalog, states] = await Promise.all([stores.catalog.current(), stores.slos.states()]);
  const stateOf = new Map(states.map((state) => [state.slo, state]));
  const rows = byUrgency((catalog?.slos ?? []).map((slo) => sloRow(slo, stateOf.get(slo.id) ?? null))).filter((row) =>
    `${row.id} ${row.title} ${row.service}`.toLowerCase().includes(query.toLowerCase()),
  );
  return { query, from, total: rows.length, rows: rows.slice(from, from + perPage) };
}

export default function Slos() {
  const { query, from, total, rows } = useLoaderData<typeof loader>();
  const at = (place: number) => `${paths.slos()}?${new URLSearchParams({ q: query, from: String(place) })}`;
  return (
    <>
      <div className="head">
        <h1>SLOs</h1>
        <Form method="get" className="acts" role="search">
          <input
            className="input !w-56"
            type="search"
            name="q"
            defaultValue={query}
            aria-label="Narrow by name or service"
          />
          <button type="submit" className="btn">
            Narrow
          </button>
        </Form>
      </div>
      <div className="col">
        <Panel
          title="Most urgent first"
          aside={
            <span className="age">{total > perPage ? `${from + 1} to ${from + rows.length} of ${total}` : total}</span>
          }
        >
          {rows.length > 0 ? (
            <SloTable rows={rows} />
          ) : (
            <Empty title={query ? 'No SLO by that name' : 'No SLO is declared'}>
              SLOs are OpenSLO documents in <code>alerts/*.yaml</code>.
            </Empty>
          )}
        </Panel>
        <Pager older={from + perPage < total ? at(from + perPage) : null} newest={from > 0 ? at(0) : null} />
      </div>
    </>
  );
}
