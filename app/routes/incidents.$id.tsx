import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { useAnswer } from '../components/answer.ts';
import { dependency } from '../components/incident/dependency.ts';
import { embeddedRun } from '../components/incident/embedded-run.ts';
import { IncidentPage } from '../components/incident/incident-page.tsx';
import { runbookPart } from '../components/incident/runbook-part.ts';
import { silencedPart } from '../components/incident/silenced.tsx';
import { until } from '../components/incident/until.ts';
import { chartRange, type IncidentView } from '../components/incident/view.ts';
import { silenceableOf } from '../components/silence/choices.ts';
import { sloView } from '../components/slo-view.ts';
import { Problem } from '../components/ui/problem.tsx';
import { owns } from '../domain/audit/permission.ts';
import type { Catalog } from '../domain/catalog.ts';
import type { SuspectList } from '../domain/change/change.ts';
import type { Incident, OnCall } from '../domain/incident/incident.ts';
import type { ErrorLines, Failures } from '../domain/incident/observed.ts';
import { flapWithin } from '../domain/incident/paging.ts';
import { incidentWish } from '../domain/incident/wishes.ts';
import { AppError, errorCode, errorStatus, refusal } from '../errors.ts';
import type { RequestContext } from '../load-context.ts';
import { paths } from '../paths.ts';

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.incident.title ?? 'Incident'} · Firebreak` },
];

export const handle = {
  topics: ['incidents', 'slos', 'changes', 'runs', 'run/', 'observations', 'follow-ups', 'freezes'],
};

export async function loader({ params, context }: LoaderFunctionArgs): Promise<IncidentView> {
  const actor = context.require('read');
  const { stores } = context;
  const now = context.clock.now();
  const [incident, catalog, everyState] = await Promise.all([
    stores.incidents.get(params.id ?? ''),
    stores.catalog.current(),
    stores.slos.states(),
  ]);
  if (!incident) throw refusal(new AppError('not_found', 'There is no incident with this address.'));

  const service = catalog?.services.find((each) => each.id === incident.service) ?? null;
  const states: States = new Map(everyState.map((state) => [state.slo, state]));
  const chart = chartRange(incident, now);
  const path = paths.incident(incident.id);
  const key = incident.service ?? '';
  const [dependencies, points, changes, runs] = await Promise.all([
    dependenciesOf(catalog, incident, states),
    incident.slo ? stores.slos.points(incident.slo, chart.from, chart.to) : [],
    stores.changes.recent({
      ...{ service: incident.service ?? undefined, environment: context.deployment.environment },
      ...{ since: chart.from, until: chart.to, limit: 12 },
    }),
    stores.runs.list({ incidentId: incident.id, limit: 20 }),
  ]);
  const embedded = embeddedRun({ runs, incident });
  const [
    suspects,
    failures,
    lines,
    onCall,
    alerts,
    timeline,
    pagerDuty,
    followUps,
    lookingToo,
    turnedBack,
    silences,
    deliveries,
    returns,
    gates,
  ] = await Promise.all([
    stores.observations.get<SuspectList>('firebreak', `suspects/${incident.id}`),
    stores.observations.get<Failures>('cloud-monitoring', `failures/${incident.slo ?? ''}`),
    stores.observations.get<ErrorLines>('cloud-logging', `loglines/${key}`),
    stores.observations.get<OnCall[]>('pagerduty', `oncall/${key}`),
    stores.incidents.alerts(incident.id),
    stores.incidents.timeline(incident.id),
    stores.incidents.pagerDuty(incident.id),
    stores.followUps.open(incident.service ?? undefined),
    stores.presence.others(path, actor),
    stores.runs.turnedBack(runs),
    stores.silences.standing(now),
    stores.deliveries.of(incident.id),
    stores.deliveries.returns(incident.id, (incident.resolvedAt ?? now) - flapWithin),
    embedded ? stores.runs.gates(embedded) : {},
  ]);
  const main = mainSlo(catalog, incident, states);
  return {
    now,
    dataTo: main?.evaluation?.dataTo ?? null,
    actor,
    ownFlags: (catalog?.flags ?? []).filter((flag) => owns(actor, flag.owners)).map((flag) => flag.name),
    mode: context.deployment.mode,
    gates,
    incident,
    alerts,
    deliveries,
    returns,
    silenced: silencedPart(alerts, (id, of) => silenceable(catalog, id, of), silences, now),
    service,
    main,
    others: otherSlos(catalog, incident, states),
    points,
    chart,
    changes,
    suspects,
    failures: until(failures, incident.resolvedAt),
    lines: until(lines, incident.resolvedAt),
    onCall,
    dependencies,
    timeline,
    pagerDuty,
    runbook: runbookPart(catalog, incident.runbook ?? service?.runbook ?? null),
    runs,
    turnedBack,
    followUps: followUps.filter((each) => each.incidentId === incident.id),
    lookingToo: lookingToo.map(({ name }) => name),
  };
}

/** All evaluations as of one moment, by SLO: what the page's parts say cannot disagree. */
type States = ReadonlyMap<string, Awaited<ReturnType<RequestContext['stores']['slos']['states']>>[number]>;

function mainSlo(catalog: Catalog | null, incident: Incident, states: States) {
  if (!incident.slo || !catalog) return null;
  return sloView(catalog, incident.slo, states.get(incident.slo) ?? null);
}

/** Other SLOs of the incident's service and of the services that burn with it, burning ones first; for an unknown service whatever burns anywhere. */
function otherSlos(catalog: Catalog | null, incident: Incident, states: States) {
  if (!catalog) return [];
  if (incident.service === null) {
    const burning = [...states.values()].filter((state) => state.tier !== null);
    return burning.slice(0, 12).flatMap((state) => sloView(catalog, state.slo, state) ?? []);
  }
  const services = [incident.service, ...incident.children];
  return catalog.slos
    .filter((slo) => slo.id !== incident.slo && services.includes(slo.service))
    .slice(0, 24)
    .flatMap((slo) => sloView(catalog, slo.id, states.get(slo.id) ?? null) ?? [])
    .sort((a, b) => Number(b.evaluation?.tier != null) - Number(a.evaluation?.tier != null));
}

/** What covers an SLO, also one that has left the catalog. */
function silenceable(catalog: Catalog | null, id: string, service: string) {
  const slo = catalog?.slos.find((each) => each.id === id);
  return slo ? silenceableOf(slo) : { slo: id, service, source: null };
}

function dependenciesOf(catalog: Catalog | null, incident: Incident, states: States) {
  const service = catalog?.services.find((each) => each.id === incident.service);
  const stateOf = async (slo: string) => states.get(slo) ?? null;
  return Promise.all((service?.dependsOn ?? []).map((id) => dependency(catalog!, id, stateOf)));
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { stores } = context;
  const id = params.id ?? '';
  const form = await request.formData();
  const parsed = incidentWish.safeParse(Object.fromEntries(form));
  const intent = parsed.success ? parsed.data.intent : null;
  const permission = intent === 'acknowledge' ? 'run.people' : 'run.open';
  const actor = await requireActing(context, permission, paths.incident(id), form);
  const incident = await stores.incidents.get(id);
  if (!incident) throw refusal(new AppError('not_found'));
  try {
    if (!parsed.success) throw new AppError('bad_input');
    const about = { incidentId: incident.id, service: incident.service };
    if (parsed.data.intent === 'reverse') {
      const wanted = parsed.data.change;
      const list = await stores.observations.get<SuspectList>('firebreak', `suspects/${id}`);
      const reversal = list.value?.suspects.find((each) => each.change.id === wanted)?.reversal;
      if (!reversal) throw new AppError('not_found', 'This change is no longer among the suspects. Look again.');
      return await toRun(
        context,
        await stores.runs.openRun(
          { template: `template:${reversal.action}`, inputs: reversal.inputs, ...about },
          actor,
        ),
      );
    }
    if (parsed.data.intent === 'open-runbook') {
      const catalog = await stores.catalog.current();
      const template = incident.runbook ?? catalog?.services.find((each) => each.id === incident.service)?.runbook;
      if (!template) throw new AppError('not_found', 'No runbook is declared for this incident.');
      return await toRun(context, await stores.runs.openRun({ template, inputs: {}, ...about }, actor));
    }
    const runId = await stores.runs.openRun(
      { template: 'template:pagerduty.acknowledge', inputs: {}, ...about },
      actor,
    );
    return await acknowledge(context, incident.id, runId);
  } catch (error) {
    if (!errorCode(error)) throw error;
    return data({ message: (error as AppError).message }, errorStatus(error));
  }
}

/** Waits a moment for the first plan, so that the run page opens with it. */
async function toRun(context: RequestContext, runId: string) {
  const run = await context.stores.runs.get(runId);
  const step = run?.steps.find((each) => each.state !== 'succeeded' && each.state !== 'skipped') ?? run?.steps[0];
  if (!step) return redirect(paths.run(runId), 303);
  await context.stores.runs.waitForPlan(runId, step.id, 2_000);
  return redirect(paths.runStep(runId, step.id), 303);
}

/** The button says the whole plan, so it is confirmed as soon as it is planned; else the run's page shows it. */
async function acknowledge(context: RequestContext, incidentId: string, runId: string) {
  const { runs } = context.stores;
  const first = (await runs.get(runId))?.steps[0];
  if (first && (await runs.waitForPlan(runId, first.id, 2_000))) {
    const step = (await runs.get(runId))?.steps[0];
    if (step?.planHash && step.state === 'planned' && !step.plan?.needsReason) {
      await runs.confirm({
        runId,
        stepId: step.id,
        hash: step.planHash,
        reason: null,
        acknowledged: false,
        outcome: null,
        actor: context.require('run.people'),
        address: context.address,
      });
      return redirect(paths.incident(incidentId), 303);
    }
  }
  return redirect(paths.run(runId), 303);
}

export default function IncidentRoute() {
  const view = useLoaderData<typeof loader>();
  const failed = useAnswer<typeof action, { message: string }>(({ said }) => ({ message: said }));
  return (
    <>
      {failed && 'message' in failed && (
        <div className="mb-4">
          <Problem>{failed.message}</Problem>
        </div>
      )}
      <IncidentPage view={view as IncidentView} />
    </>
  );
}
