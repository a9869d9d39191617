import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Chip } from '../components/ui/chip.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { freshness } from '../domain/runbook/freshness.ts';
import { paths } from '../paths.ts';

export const meta: MetaFunction = () => [{ title: 'Runbooks · Firebreak' }];

export const handle = { topics: ['catalog'] };

export async function loader({ context }: LoaderFunctionArgs) {
  context.require('read');
  const catalog = await context.stores.catalog.current();
  const today = new Date(context.clock.now()).toISOString();
  const slugs = new Set((catalog?.runbooks ?? []).map((each) => each.file));
  return {
    runbooks: (catalog?.runbooks ?? [])
      .map((each) => ({
        slug: each.slug,
        title: each.title,
        owner: each.owner,
        service: each.service,
        steps: each.steps.length,
        problems: each.problems.filter((problem) => problem.severity === 'error').length,
        fresh: freshness(each, today),
      }))
      .sort((a, b) => (a.title < b.title ? -1 : 1)),
    others: (catalog?.problems ?? []).filter((problem) => !slugs.has(problem.file)),
  };
}

export default function Runbooks() {
  const { runbooks, others } = useLoaderData<typeof loader>();
  return (
    <>
      <h1 className="mb-4">Runbooks</h1>
      <div className="col">
        <Panel title="What to do" aside={<span className="age">{runbooks.length}</span>}>
          {runbooks.length === 0 && (
            <Empty title="No runbook yet">
              Any Markdown file in <code>runbooks/</code> stands here; a fence <code>yaml runbook-step</code> lets it
              act.
            </Empty>
          )}
          {runbooks.map((each) => (
            <a key={each.slug} className="row plain" href={paths.runbook(each.slug)}>
              <span>
                <span className="row-title">{each.title}</span>
                <span className="row-detail block">
                  {[
                    each.service,
                    each.owner && `owned by ${each.owner}`,
                    each.steps > 0 ? `${each.steps} ${each.steps === 1 ? 'step' : 'steps'}` : 'text only',
                    each.fresh.text,
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              <span className="acts">
                {each.problems > 0 && <Chip tone="bad">{each.problems} problems</Chip>}
                {each.fresh.state === 'overdue' && <Chip tone="warn">review overdue</Chip>}
              </span>
            </a>
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
