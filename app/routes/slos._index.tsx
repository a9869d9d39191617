import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { NothingDeclared } from '../components/nothing-declared.tsx';
import { sloRow } from '../components/overview.ts';
import { silencedUntil } from '../components/silence/until.ts';
import {
  grouped,
  groupName,
  type ListState,
  listSorts,
  listState,
  listStates,
  readWish,
  wishedRows,
  wishQuery,
} from '../components/slo-list.ts';
import { SloListForm } from '../components/slo-list-form.tsx';
import { SloTable } from '../components/slo-table.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { PageLinks } from '../components/ui/page-links.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { paths } from '../paths.ts';

const perPage = 50;

export const meta: MetaFunction = () => [{ title: 'SLOs · Firebreak' }];

export const handle = { topics: ['slos', 'catalog', 'incidents'] };

/** SLOs as the address wants them: narrowed by name, service, team and state, sorted, grouped, 50 a page. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, clock } = context;
  const now = clock.now();
  const wish = readWish(new URL(request.url).searchParams);
  const [catalog, states, silences] = await Promise.all([
    stores.catalog.current(),
    stores.slos.states(),
    stores.silences.standing(now),
  ]);
  const stateOf = new Map(states.map((state) => [state.slo, state]));
  const teamOf = new Map((catalog?.services ?? []).map(({ id, owner }) => [id, owner]));
  const all = (catalog?.slos ?? []).map((slo) => ({
    ...sloRow(slo, stateOf.get(slo.id) ?? null, now),
    team: teamOf.get(slo.service) ?? null,
  }));
  const found = wishedRows(all, wish);
  const counts: Partial<Record<ListState, number>> = {};
  for (const row of wishedRows(all, { ...wish, state: '' })) {
    counts[listState(row)] = (counts[listState(row)] ?? 0) + 1;
  }
  const sizes: Record<string, number> = {};
  for (const row of found) sizes[groupName(row, wish.group)] = (sizes[groupName(row, wish.group)] ?? 0) + 1;
  const names = (list: (string | null)[]) => [...new Set(list.filter((name) => name !== null))].sort();
  return {
    wish,
    read: catalog !== null,
    declared: all.length,
    total: found.length,
    silenced: silencedUntil(catalog?.slos ?? [], silences, now),
    counts,
    sizes,
    services: names(all.map((row) => row.service)),
    teams: names(all.map((row) => row.team)),
    rows: found.slice(wish.from, wish.from + perPage),
  };
}

export default function Slos() {
  const page = useLoaderData<typeof loader>();
  const { wish, total, rows } = page;
  const at = (change: Partial<typeof wish>) => `${paths.slos()}${wishQuery({ ...wish, from: 0, ...change })}`;
  const place = total > perPage ? `${wish.from + 1} to ${wish.from + rows.length} of ${total}` : String(total);
  return (
    <>
      <div className="head">
        <h1>SLOs</h1>
        <div className="acts">
          <a className="btn quiet" href={paths.shadow()}>
            Shadow report
          </a>
          <a className="btn quiet" href={paths.statement()}>
            Statement of the month
          </a>
        </div>
      </div>
      <div className="col">
        <SloListForm wish={wish} services={page.services} teams={page.teams} />
        <nav className="acts" aria-label="States">
          {Object.entries(listStates).map(([state, text]) => {
            const count = page.counts[state as ListState] ?? 0;
            if (count === 0 && wish.state !== state) return null;
            const on = wish.state === state;
            return (
              <a
                key={state}
                className="btn quiet small"
                href={at({ state: on ? '' : (state as ListState) })}
                aria-current={on || undefined}
              >
                {text} {count}
                {on && <span aria-hidden="true">×</span>}
              </a>
            );
          })}
        </nav>
        {grouped(rows, wish.group).map((group) => (
          <Panel
            key={group.name}
            title={group.name || listSorts[wish.sort]}
            aside={<span className="age">{group.name ? page.sizes[group.name] : place}</span>}
          >
            <SloTable rows={group.rows} withService={wish.group !== 'service'} silenced={page.silenced} />
          </Panel>
        ))}
        {rows.length === 0 && (
          <Panel title={listSorts[wish.sort]}>
            {page.declared > 0 ? (
              <Empty title="No SLO is like that">
                <a className="link" href={paths.slos()}>
                  Show all {page.declared}
                </a>
              </Empty>
            ) : (
              <NothingDeclared read={page.read} title="No SLO is declared">
                SLOs are OpenSLO documents in <code>alerts/*.yaml</code>.
              </NothingDeclared>
            )}
          </Panel>
        )}
        {wish.group !== 'none' && total > perPage && <p className="age">{place}</p>}
        <PageLinks
          before={wish.from > 0 ? at({ from: Math.max(0, wish.from - perPage) }) : null}
          after={wish.from + perPage < total ? at({ from: wish.from + perPage }) : null}
        />
      </div>
    </>
  );
}
