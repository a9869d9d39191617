import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { RunbookListRow, type RunbookRow } from '../components/runbook/runbook-row.tsx';
import { RunbookSearch, readRunbookWish } from '../components/runbook/runbook-search.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { rehearsalStanding, rehearsedBytes } from '../domain/rehearsal/record.ts';
import { freshness } from '../domain/runbook/freshness.ts';
import { paths } from '../paths.ts';

export const meta: MetaFunction = () => [{ title: 'Runbooks · Firebreak' }];

export const handle = { topics: ['catalog'] };

export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, clock } = context;
  const wish = readRunbookWish(new URL(request.url).searchParams);
  const searched = wish.q !== '' || wish.service !== '' || wish.alert !== '';
  const [catalog, changed, rehearsed, found] = await Promise.all([
    stores.catalog.current(),
    stores.runbookTexts.changed(),
    stores.rehearsals.all(),
    searched
      ? stores.runbookTexts.search({ words: wish.q, service: wish.service || null, slo: wish.alert || null })
      : null,
  ]);
  const today = new Date(clock.now()).toISOString();
  const all = catalog?.runbooks ?? [];
  const rows = new Map(
    all.map((each): [string, RunbookRow] => [
      each.slug,
      {
        slug: each.slug,
        title: each.title,
        owner: each.owner,
        service: each.service,
        steps: each.steps.length,
        problems: each.problems.filter((problem) => problem.severity === 'error').length,
        fresh: freshness(each, today),
        changedAt: changed.get(each.slug) ?? null,
        snippet: [],
        rehearsed:
          each.steps.length === 0
            ? null
            : rehearsalStanding(rehearsed.get(each.slug) ?? null, rehearsedBytes(catalog, each)),
      },
    ]),
  );
  const files = new Set(all.map((each) => each.file));
  return {
    wish,
    declared: all.length,
    services: [...new Set(all.flatMap(({ service }) => service ?? []))].sort(),
    slos: [...new Set(all.flatMap(({ slos }) => slos))].sort(),
    runbooks: found
      ? found.flatMap(({ slug, snippet }) => (rows.has(slug) ? [{ ...rows.get(slug)!, snippet }] : []))
      : [...rows.values()].sort((a, b) => (a.title < b.title ? -1 : 1)),
    others: searched ? [] : (catalog?.problems ?? []).filter((problem) => !files.has(problem.file)),
  };
}

export default function Runbooks() {
  const { wish, declared, services, slos, runbooks, others } = useLoaderData<typeof loader>();
  return (
    <>
      <h1 className="mb-4">Runbooks</h1>
      <div className="col">
        {declared > 0 && <RunbookSearch wish={wish} services={services} slos={slos} />}
        <Panel title="What to do" aside={<span className="age">{runbooks.length}</span>}>
          {declared === 0 && (
            <Empty title="No runbook yet">
              Any Markdown file in <code>runbooks/</code> stands here; a fence <code>yaml runbook-step</code> lets it
              act.
            </Empty>
          )}
          {declared > 0 && runbooks.length === 0 && (
            <Empty title="No runbook holds this">
              Fewer words find more. <a href={paths.runbooks()}>Show all {declared}</a>
            </Empty>
          )}
          {runbooks.map((each) => (
            <RunbookListRow key={each.slug} row={each} />
          ))}
        </Panel>
        {others.length > 0 && (
          <Panel title="Problems in the other content files" stale>
            {others.map((each) => (
              <p key={`${each.file}${each.line}${each.message}`} className="panel-note">
                <span className="mono">
                  {each.file}:{each.line}:{each.column}
                </span>{' '}
                {each.message} {each.hint}
              </p>
            ))}
          </Panel>
        )}
      </div>
    </>
  );
}
