import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { ScheduleRows } from '../components/flag/schedules.tsx';
import { RunRows } from '../components/run/run-rows.tsx';
import { runStates } from '../components/run/run-state.ts';
import { Chip } from '../components/ui/chip.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Pager } from '../components/ui/pager.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { personName } from '../domain/audit/person-names.ts';
import { judgedAfter } from '../domain/run/judged.ts';
import { paths } from '../paths.ts';

const perPage = 25;

export const meta: MetaFunction = () => [{ title: 'Runs · Firebreak' }];

export const handle = { topics: ['runs', 'run/'] };

/** Runs, newest first; `before` (opening time, ms) goes back. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const actor = context.require('read');
  const before = Number(new URL(request.url).searchParams.get('before')) || undefined;
  const [runs, yours] = await Promise.all([
    context.stores.runs.list({ limit: perPage + 1, before }),
    context.stores.runRecords.heldBy(actor.email),
  ]);
  const page = runs.slice(0, perPage);
  const names = await context.stores.people.names(page.map(({ openedBy }) => openedBy));
  const [catalog, waiting] = before
    ? [null, []]
    : await Promise.all([context.stores.catalog.current(), context.stores.flagSchedules.waiting()]);
  return {
    yours,
    planned: waiting.map((one) => ({
      ...one,
      judged: judgedAfter('template:flag.expose', one.inputs, catalog, context.deployment.environment),
    })),
    runs: page.map(({ id, title, state, service, openedBy, openedAt, steps }) => ({
      id,
      title,
      state,
      service,
      openedBy: personName(openedBy, names),
      openedAt,
      results: steps.flatMap((step) => (step.result === 'none' ? [] : [step.result])),
    })),
    older: runs.length > perPage ? page[page.length - 1]!.openedAt : null,
    first: !before,
  };
}

export default function Runs() {
  const page = useLoaderData<typeof loader>();
  return (
    <>
      <h1 className="mb-4">Runs</h1>
      <div className="col">
        {page.yours.length > 0 && (
          <Panel title="In your hands">
            {page.yours.map((run) => (
              <a key={run.id} className="row plain" href={paths.run(run.id)}>
                <span className="row-title">{run.title}</span>
                <Chip tone={runStates[run.state].tone}>{runStates[run.state].text}</Chip>
              </a>
            ))}
          </Panel>
        )}
        {page.planned.length > 0 && (
          <Panel title="To come">
            <ScheduleRows schedules={page.planned} cancel={false} />
          </Panel>
        )}
        <Panel title="Newest first">
          {page.runs.length === 0 && (
            <Empty title="No run yet">
              A run opens from an incident or a runbook. It plans, changes one thing when somebody confirms, and proves
              it.
            </Empty>
          )}
          <RunRows runs={page.runs} />
        </Panel>
        <Pager
          older={page.older === null ? null : `${paths.runs()}?before=${page.older}`}
          newest={page.first ? null : paths.runs()}
        />
      </div>
    </>
  );
}
