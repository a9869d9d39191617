import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import {
  type ListState,
  listSorts,
  listStates,
  readWish,
  statesOf,
  wishedRows,
  wishQuery,
} from '../components/flag/list.ts';
import { FlagListForm } from '../components/flag/list-form.tsx';
import { flagRow, surroundings } from '../components/flag/row.ts';
import { FlagTable } from '../components/flag/table.tsx';
import { NothingDeclared } from '../components/nothing-declared.tsx';
import { ObservedPanel } from '../components/observed-panel.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { PageLinks } from '../components/ui/page-links.tsx';
import type { FlagState } from '../domain/flag/flag.ts';
import { paths } from '../paths.ts';

const perPage = 50;

export const meta: MetaFunction = () => [{ title: 'Flags · Firebreak' }];

export const handle = { topics: ['flags', 'observations', 'catalog', 'changes'] };

/** Flags as declared and as Unleash has them, narrowed and sorted as the address wants them, 50 a page. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, deployment, clock } = context;
  const first = deployment.environment;
  const wish = readWish(new URL(request.url).searchParams);
  const [catalog, read, usage, changes, followUps] = await Promise.all([
    stores.catalog.current(),
    stores.observations.get<FlagState[]>('unleash', 'flags'),
    stores.observations.get<Record<string, string[]>>('unleash', 'applications'),
    stores.changes.lastOfFlags(),
    stores.followUps.open(),
  ]);
  const declared = new Map((catalog?.flags ?? []).map((each) => [each.name, each]));
  const around = surroundings(read.value, usage.value, { now: clock.now(), first, changes, followUps });
  const { flags } = around;
  // Before a catalog was read nobody can say what it lacks.
  const names = catalog ? new Set([...declared.keys(), ...flags.keys()]) : [];
  const all = [...names].map((name) =>
    flagRow({ name, declared: declared.get(name) ?? null, state: flags.get(name) ?? null }, around),
  );
  const found = wishedRows(all, wish, first);
  const counts: Partial<Record<ListState, number>> = {};
  for (const row of wishedRows(all, { ...wish, state: '' }, first))
    for (const state of statesOf(row, first)) counts[state] = (counts[state] ?? 0) + 1;
  const { at, error, errorAt } = read;
  return {
    wish,
    read: { value: found.slice(wish.from, wish.from + perPage), at, error, errorAt },
    known: catalog !== null,
    all: all.length,
    total: found.length,
    counts,
    services: sorted(all.flatMap(({ service }) => service ?? [])),
    owners: sorted(all.flatMap(({ owners }) => owners)),
  };
}

export default function Flags() {
  const page = useLoaderData<typeof loader>();
  const { wish, total, read } = page;
  const at = (change: Partial<typeof wish>) => `${paths.flags()}${wishQuery({ ...wish, from: 0, ...change })}`;
  const shown = read.value.length;
  const place = total > perPage ? `${wish.from + 1} to ${wish.from + shown} of ${total}` : String(total);
  return (
    <>
      <h1 className="mb-4">Flags</h1>
      <div className="col">
        <FlagListForm wish={wish} services={page.services} owners={page.owners} />
        <nav className="acts" aria-label="States">
          {Object.entries(listStates).map(([state, text]) => {
            const count = page.counts[state as ListState] ?? 0;
            const on = wish.state === state;
            if (count === 0 && !on) return null;
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
        <ObservedPanel
          title={listSorts[wish.sort]}
          system="Unleash"
          read={read}
          empty={null}
          aside={<span className="age">{place}</span>}
        >
          {(rows) =>
            rows.length > 0 ? (
              <FlagTable rows={rows} />
            ) : page.all > 0 ? (
              <Empty title="No flag is like that">
                <a className="link" href={paths.flags()}>
                  Show all {page.all}
                </a>
              </Empty>
            ) : (
              <NothingDeclared read={page.known} title="No flag is declared">
                A flag's owners, safe state and SLOs are declared in <code>flags/*.yaml</code>; then it can be made safe
                from here.
              </NothingDeclared>
            )
          }
        </ObservedPanel>
        <PageLinks
          before={wish.from > 0 ? at({ from: Math.max(0, wish.from - perPage) }) : null}
          after={wish.from + perPage < total ? at({ from: wish.from + perPage }) : null}
        />
      </div>
    </>
  );
}

function sorted(names: string[]): string[] {
  return [...new Set(names)].sort();
}
