import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { useAnswer } from '../components/answer.ts';
import { flagRow, surroundings } from '../components/flag/row.ts';
import { type ServiceReading, shownService } from '../components/observed-service.ts';
import type { PanelData } from '../components/runbook/panel-data.ts';
import { RunbookPage, type RunbookPageData } from '../components/runbook/runbook-page.tsx';
import { runbookText } from '../components/runbook/runbook-text.ts';
import { sloView } from '../components/slo-view.ts';
import { may } from '../domain/audit/permission.ts';
import { personName } from '../domain/audit/person-names.ts';
import type { Catalog } from '../domain/catalog.ts';
import type { FlagState } from '../domain/flag/flag.ts';
import type { OnCall } from '../domain/incident/incident.ts';
import type { ErrorLines, Failures } from '../domain/incident/observed.ts';
import { rehearsalStanding, rehearsedBytes } from '../domain/rehearsal/record.ts';
import { refusal as roleRefusal } from '../domain/run/offers.ts';
import { parseDuration } from '../domain/runbook/durations.ts';
import type { PanelDefinition, Runbook } from '../domain/runbook/runbook.ts';
import { AppError, errorCode, errorStatus, refusal } from '../errors.ts';
import type { RequestContext } from '../load-context.ts';
import { paths } from '../paths.ts';

const twoHours = 7_200_000;

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.title ?? 'Runbook'} · Firebreak` },
];

export const handle = { topics: ['catalog', 'slos', 'changes', 'runs', 'observations', 'incidents'] };

export async function loader({ params, context }: LoaderFunctionArgs): Promise<RunbookPageData> {
  const { role } = context.require('read');
  const { stores, clock } = context;
  const catalog = await stores.catalog.current();
  const runbook = catalog?.runbooks.find((each) => each.slug === params.slug);
  if (!catalog || !runbook) throw refusal(new AppError('not_found', 'There is no runbook of this name.'));
  const [incidents, runs, rehearsed, panels] = await Promise.all([
    stores.incidents.open(),
    stores.runs.list({ service: runbook.service ?? undefined, limit: 40 }),
    stores.rehearsals.of(runbook.slug),
    readPanels(context, catalog, runbook),
  ]);
  const names = await stores.people.names(runs.map(({ openedBy }) => openedBy));
  const incident = incidents.find((each) => each.runbook === runbook.slug || each.service === runbook.service);
  return {
    ...runbookText(runbook, new Date(clock.now()).toISOString()),
    panels,
    inputs: runbook.inputs,
    hasSteps: runbook.steps.length > 0,
    rehearsed: rehearsalStanding(rehearsed, rehearsedBytes(catalog, runbook)),
    incident: incident ? { id: incident.id, title: incident.title } : null,
    runs: runs
      .filter((run) => run.template === runbook.slug)
      .slice(0, 6)
      .map(({ id, title, state, service, openedBy, openedAt, steps }) => ({
        id,
        title,
        state,
        service,
        openedBy: personName(openedBy, names),
        openedAt,
        results: steps.map((step) => step.result),
      })),
    whyNot: may(role, 'run.open') ? null : roleRefusal(role),
  };
}

async function readPanels(context: RequestContext, catalog: Catalog, runbook: Runbook) {
  const panels: Record<number, PanelData> = {};
  await Promise.all(
    runbook.blocks.map(async (block, index) => {
      if (block.kind === 'panel') panels[index] = await readPanel(context, catalog, runbook, block.panel);
    }),
  );
  return panels;
}

async function readPanel(
  { stores, clock, deployment }: RequestContext,
  catalog: Catalog,
  runbook: Runbook,
  { show, options }: PanelDefinition,
): Promise<PanelData> {
  const to = clock.now();
  const from = to - (parseDuration(options.range ?? '') ?? twoHours);
  const service = options.service ?? runbook.service ?? '';
  switch (show) {
    case 'burn':
    case 'chart': {
      const id = options.slo ?? '';
      const of = catalog.slos.find((slo) => slo.id === id)?.service ?? service;
      const [state, points, changes] = await Promise.all([
        stores.slos.state(id),
        stores.slos.points(id, from, to),
        stores.changes.recent({ service: of, since: from, until: to, limit: 8 }),
      ]);
      return { show: 'burn', slo: sloView(catalog, id, state), points, changes, from, to };
    }
    case 'changes':
      return { show, changes: await stores.changes.recent({ service: service || undefined, since: from, limit: 10 }) };
    case 'failures':
    case 'logs': {
      const slo = options.slo ?? runbook.slos[0] ?? '';
      const [open, failures, lines] = await Promise.all([
        stores.incidents.open(),
        stores.observations.get<Failures>('cloud-monitoring', `failures/${slo}`),
        stores.observations.get<ErrorLines>('cloud-logging', `loglines/${service}`),
      ]);
      return { show: 'failures', failures, lines, past: !open.some((each) => each.slo === slo) };
    }
    case 'flag': {
      const name = options.flag ?? '';
      const declared = catalog.flags.find((flag) => flag.name === name) ?? null;
      const [read, usage, changes, followUps] = await Promise.all([
        stores.observations.get<FlagState[]>('unleash', 'flags'),
        stores.observations.get<Record<string, string[]>>('unleash', 'applications'),
        stores.changes.ofFlag(name, 1),
        stores.followUps.open(),
      ]);
      const known = { now: to, first: deployment.environment, changes, followUps };
      const around = surroundings(read.value, usage.value, known);
      const state = around.flags.get(name) ?? null;
      return { show, name, flag: declared ? flagRow({ name, declared, state }, around) : null };
    }
    case 'revision':
      return {
        show,
        reading: shownService(await stores.observations.get<ServiceReading>('cloud-run', `service/${service}`)),
      };
    case 'oncall':
      return { show, onCall: await stores.observations.get<OnCall[]>('pagerduty', `oncall/${service}`) };
  }
}

/** Opens a run of this runbook with the inputs given; the engine plans its first step. */
export async function action({ request, params, context }: ActionFunctionArgs) {
  const slug = params.slug ?? '';
  const actor = await requireActing(context, 'run.open', paths.runbook(slug), request);
  const values: Record<string, string> = {};
  for (const [name, value] of await request.formData()) if (typeof value === 'string') values[name] = value.trim();
  try {
    const catalog = await context.stores.catalog.current();
    const runbook = catalog?.runbooks.find((each) => each.slug === slug);
    if (!runbook) throw new AppError('not_found', 'There is no runbook of this name.');
    const given = runbook.inputs.map(({ name }) => [name, values[`input.${name}`] ?? ''] as const);
    const incident = values.incident ? await context.stores.incidents.get(values.incident) : null;
    const runId = await context.stores.runs.openRun(
      {
        template: slug,
        inputs: Object.fromEntries(given.filter(([, value]) => value !== '')),
        incidentId: incident?.id ?? null,
        service: runbook.service,
      },
      actor,
    );
    const step = (await context.stores.runs.get(runId))?.steps[0];
    if (step) await context.stores.runs.waitForPlan(runId, step.id, 2_000);
    return redirect(paths.run(runId), 303);
  } catch (error) {
    if (!errorCode(error)) throw error;
    return data({ message: (error as AppError).message, values }, errorStatus(error));
  }
}

export default function RunbookRoute() {
  const page = useLoaderData<typeof loader>() as RunbookPageData;
  const answered = useAnswer<typeof action, { message: string; values: Record<string, string> }>(
    ({ values, said }) => ({ message: said, values }),
  );
  return <RunbookPage page={page} failure={answered && 'message' in answered ? answered : null} />;
}
