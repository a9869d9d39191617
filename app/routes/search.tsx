import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { search } from '../components/search.ts';
import { Empty } from '../components/ui/empty.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { paths } from '../paths.ts';

const most = 60;

export const meta: MetaFunction = () => [{ title: 'Search · Firebreak' }];

/** What was found for `q`; `all` gives everything, for the palette. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const url = new URL(request.url);
  const query = (url.searchParams.get('q') ?? '').slice(0, 200);
  const [catalog, incidents] = await Promise.all([context.stores.catalog.current(), context.stores.incidents.open()]);
  const found = search(catalog, incidents, query);
  const all = url.searchParams.has('all');
  return { query, found: all ? found : found.slice(0, most), more: all ? 0 : Math.max(0, found.length - most) };
}

export default function Search() {
  const { query, found, more } = useLoaderData<typeof loader>();
  return (
    <>
      <h1 className="mb-4">Search</h1>
      <Form method="get" action={paths.search()} className="acts mb-4" role="search">
        <input className="input max-w-md" type="search" name="q" defaultValue={query} aria-label="Find" />
        <button type="submit" className="btn">
          Find
        </button>
      </Form>
      <Panel title={query ? `Found for “${query}”` : 'Everything'} aside={<span className="age">{found.length}</span>}>
        {found.length === 0 && (
          <Empty title="Nothing by that name">Try a part of a service, flag or runbook name.</Empty>
        )}
        {found.map((each) => (
          <a key={each.href + each.title} className="row plain" href={each.href}>
            <span className="row-title">{each.title}</span>
            <span className="age">
              {each.kind} {each.note && `· ${each.note}`}
            </span>
          </a>
        ))}
        {more > 0 && <p className="panel-note">{more} more: narrow the search.</p>}
      </Panel>
    </>
  );
}
