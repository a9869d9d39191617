import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { useAnswer } from '../components/answer.ts';
import { ChangeNotices } from '../components/change-notices.tsx';
import { Changes } from '../components/changes.tsx';
import { FreezeNote } from '../components/freeze/note.tsx';
import { dependency } from '../components/incident/dependency.ts';
import { DependsOn } from '../components/incident/depends-on.tsx';
import { OnCallPanel } from '../components/incident/on-call.tsx';
import { IncidentRows } from '../components/incident-list.tsx';
import { type ServiceReading, shownService } from '../components/observed-service.ts';
import { byUrgency, sloRow, vanishedOf } from '../components/overview.ts';
import { Revisions } from '../components/revisions.tsx';
import { SilenceBanner } from '../components/silence/banner.tsx';
import { silenceableOf } from '../components/silence/choices.ts';
import { shownSilences } from '../components/silence/shown.ts';
import { silencedUntil } from '../components/silence/until.ts';
import { SloTable } from '../components/slo-table.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { PostButton } from '../components/ui/post-button.tsx';
import { Problem } from '../components/ui/problem.tsx';
import { may } from '../domain/audit/permission.ts';
import type { ChangeNotice } from '../domain/change/notice.ts';
import type { OnCall } from '../domain/incident/incident.ts';
import { refusal as roleRefusal } from '../domain/run/offers.ts';
import { covers } from '../domain/silence/silence.ts';
import { AppError, errorCode, errorStatus, refusal } from '../errors.ts';
import type { RequestContext } from '../load-context.ts';
import { paths } from '../paths.ts';

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.service.title ?? 'Service'} · Firebreak` },
];

export const handle = { topics: ['slos', 'changes', 'incidents', 'runs', 'observations', 'catalog', 'freezes'] };

const hour = 3_600_000;

export async function loader({ params, context }: LoaderFunctionArgs) {
  const actor = context.require('read');
  const { stores } = context;
  const catalog = await stores.catalog.current();
  const service = catalog?.services.find((each) => each.id === params.id);
  if (!catalog || !service) throw refusal(new AppError('not_found', 'No service of this name is in the catalog.'));
  const state = (id: string) => stores.slos.state(id);
  const ofService = catalog.slos.filter((slo) => slo.service === service.id);
  const now = context.clock.now();
  const [slos, dependencies, incidents, changes, runs, onCall, reading, notices, silences, freezes] = await Promise.all(
    [
      Promise.all(ofService.map(async (slo) => sloRow(slo, await state(slo.id), now))),
      Promise.all(service.dependsOn.map((id) => dependency(catalog, id, state))),
      stores.incidents.ofService(service.id, 8),
      stores.changes.recent({ service: service.id, limit: 12 }),
      stores.runs.list({ service: service.id, open: true, limit: 8 }),
      stores.observations.get<OnCall[]>('pagerduty', `oncall/${service.id}`),
      stores.observations.get<ServiceReading>('cloud-run', `service/${service.id}`),
      noticesOf(context, service.id),
      stores.silences.standing(now),
      stores.freezes.standing(now),
    ],
  );
  const runbooks = catalog.runbooks.filter((each) => each.service === service.id || each.slug === service.runbook);
  return {
    now,
    dataTo: slos.reduce<number | null>(
      (least, { dataTo }) => (dataTo === null ? least : Math.min(least ?? dataTo, dataTo)),
      null,
    ),
    service,
    frozen: { freezes, now, subject: { service: service.id, environment: context.deployment.environment } },
    slos: byUrgency(slos),
    silences: shownSilences(
      catalog,
      silences.filter((each) => ofService.some((slo) => covers(each, silenceableOf(slo)))),
    ),
    silenced: silencedUntil(ofService, silences, now),
    dependencies,
    usedBy: catalog.services
      .filter((each) => each.dependsOn.includes(service.id))
      .map(({ id, title }) => ({ id, title })),
    incidents,
    notices: notices.filter(({ at }) => now - at < hour),
    changes,
    runs: runs.map(({ id, title, state: at }) => ({ id, title, state: at })),
    onCall,
    reading: shownService(reading),
    runbooks: runbooks.map(({ slug, title }) => ({ slug, title })),
    flags: catalog.flags.filter((each) => each.service === service.id).map(({ name, title }) => ({ name, title })),
    whyNot: may(actor.role, 'run.open') ? null : roleRefusal(actor.role),
  };
}

async function noticesOf({ stores }: RequestContext, service: string): Promise<ChangeNotice[]> {
  return (await stores.observations.get<ChangeNotice[]>('firebreak', `watch/${service}`)).value ?? [];
}

/** What is offered here, each as a run with its plan: traffic back to LATEST, and the way back from a watched change. */
export async function action({ request, params, context }: ActionFunctionArgs) {
  const id = params.id ?? '';
  const actor = await requireActing(context, 'run.open', paths.service(id), request);
  try {
    const notice = (await request.formData()).get('notice');
    const watched = notice === null ? null : (await noticesOf(context, id)).find(({ key }) => key === notice)?.reversal;
    if (watched === undefined) throw new AppError('not_found', 'This change is no longer watched. Look again.');
    const { action: template, inputs } = watched ?? {
      action: 'cloudrun.traffic' as const,
      inputs: { service: id, to: 'LATEST' },
    };
    const runId = await context.stores.runs.openRun(
      { template: `template:${template}`, inputs, incidentId: null, service: id },
      actor,
    );
    const step = (await context.stores.runs.get(runId))?.steps[0];
    if (step) await context.stores.runs.waitForPlan(runId, step.id, 2_000);
    return redirect(step ? paths.runStep(runId, step.id) : paths.run(runId), 303);
  } catch (error) {
    if (!errorCode(error)) throw error;
    return data({ message: (error as AppError).message }, errorStatus(error));
  }
}

export default function Service() {
  const page = useLoaderData<typeof loader>();
  const failed = useAnswer<typeof action, { message: string }>(({ said }) => ({ message: said }));
  const { service } = page;
  return (
    <>
      <div className="head">
        <div>
          <h1>{service.title}</h1>
          <p className="meta">
            <span>{service.description}</span>
            <span>owned by {service.owner}</span>
            {service.cloudRun && (
              <span>
                Cloud Run {service.cloudRun.region} · {service.cloudRun.project}
              </span>
            )}
          </p>
        </div>
        <div className="acts">
          {service.cloudRun && (
            <a className="btn quiet" href={`${paths.newRollout()}?service=${encodeURIComponent(service.id)}`}>
              Roll out a revision…
            </a>
          )}
          <a className="btn quiet" href={`${paths.silences()}?service=${encodeURIComponent(service.id)}`}>
            Silence…
          </a>
        </div>
      </div>
      {failed && 'message' in failed && <Problem>{failed.message}</Problem>}
      <div className="two">
        <div className="col">
          <FreezeNote {...page.frozen} />
          <SilenceBanner silences={page.silences} title="Silenced now" />
          <ChangeNotices notices={page.notices} back={{ why: page.whyNot }} />
          <Panel title="SLOs">
            {page.slos.length > 0 ? (
              <SloTable rows={page.slos} withService={false} silenced={page.silenced} />
            ) : (
              <Empty title="No SLO is declared for it">
                Without one there is no figure for how it does. Declare one in <code>alerts/*.yaml</code>.
              </Empty>
            )}
          </Panel>
          {service.cloudRun && (
            <Revisions
              read={page.reading}
              pinned={
                <PostButton fields={{ intent: 'latest' }} why={page.whyNot}>
                  Back to LATEST…
                </PostButton>
              }
            />
          )}
          <Changes changes={page.changes} />
          <Panel title="Incidents">
            {page.incidents.length === 0 && <Empty title="None so far">Its incidents stay here.</Empty>}
            <IncidentRows incidents={page.incidents} vanished={vanishedOf(page.slos)} />
          </Panel>
        </div>
        <div className="col">
          {service.pagerDutyService && <OnCallPanel read={page.onCall} />}
          {page.dependencies.length > 0 && <DependsOn dependencies={page.dependencies} />}
          <Links
            title="Used by"
            links={page.usedBy.map((each) => ({ href: paths.service(each.id), text: each.title }))}
          />
          <Links title="Open runs" links={page.runs.map((each) => ({ href: paths.run(each.id), text: each.title }))} />
          <Links
            title="Runbooks"
            links={page.runbooks.map((each) => ({ href: paths.runbook(each.slug), text: each.title }))}
          />
          <Links title="Flags" links={page.flags.map((each) => ({ href: paths.flag(each.name), text: each.name }))} />
        </div>
      </div>
    </>
  );
}

function Links({ title, links }: { title: string; links: { href: string; text: string }[] }) {
  if (links.length === 0) return null;
  return (
    <Panel title={title}>
      {links.map((link) => (
        <a key={link.href} className="row plain" href={link.href}>
          {link.text}
        </a>
      ))}
    </Panel>
  );
}
