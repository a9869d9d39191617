import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { useAnswer } from '../components/answer.ts';
import { gatedPart } from '../components/run/gated-part.ts';
import { handWorkOf } from '../components/run/hand-work.ts';
import { RunPage } from '../components/run/run-page.tsx';
import type { RunPageData } from '../components/run/run-page-data.ts';
import { sleepPart } from '../components/run/sleep-part.ts';
import type { StepFailure } from '../components/run/viewer.ts';
import { wholeOf } from '../components/run/whole.ts';
import { owns } from '../domain/audit/permission.ts';
import { personName } from '../domain/audit/person-names.ts';
import { inWords } from '../domain/form-words.ts';
import { pageName, waitingPages } from '../domain/incident/waiting-pages.ts';
import { runWish } from '../domain/run/wishes.ts';
import { AppError, errorCode, errorStatus, refusal } from '../errors.ts';
import { paths } from '../paths.ts';
import { carryOut, permissionOf } from '../run-acts.ts';

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.run.title ?? 'Run'} · Firebreak` },
];

export const handle = { topics: ['runs', 'run/', 'slos', 'observations', 'follow-ups', 'freezes'] };

export async function loader({ request, params, context }: LoaderFunctionArgs): Promise<RunPageData> {
  const actor = context.require('read');
  const { stores } = context;
  const run = await stores.runs.get(params.id ?? '');
  if (!run) throw refusal(new AppError('not_found', 'There is no run with this address.'));
  const path = paths.run(run.id);
  const target = run.steps.find((step) => step.state === 'blocked')?.plan?.target ?? null;
  const [incident, pagerDuty, sameService, followUps, lookingToo, holder, catalog, notes, people, lines, gated, whole] =
    await Promise.all([
      run.incidentId ? stores.incidents.get(run.incidentId) : null,
      run.incidentId ? stores.incidents.pagerDuty(run.incidentId) : [],
      run.service ? stores.runs.list({ service: run.service, open: true, limit: 10 }) : [],
      stores.followUps.open(run.service ?? undefined),
      stores.presence.others(path, actor),
      target ? stores.runs.holder(target) : null,
      stores.catalog.current(),
      stores.runRecords.notes(run.id),
      stores.people.acting(),
      stores.runRecords.lines(run.id),
      gatedPart(stores.runs, run, actor),
      wholeOf(stores, run.id),
    ]);
  const names = await stores.people.names([run.openedBy, ...sameService.map(({ openedBy }) => openedBy)]);
  const runbook = catalog?.runbooks.find((each) => each.slug === run.template) ?? null;
  const byHand = isByHand(request.url) && catalog !== null;
  return {
    now: context.clock.now(),
    actor,
    ownFlags: (catalog?.flags ?? []).filter((flag) => owns(actor, flag.owners)).map((flag) => flag.name),
    mode: context.deployment.mode,
    run,
    openedBy: personName(run.openedBy, names),
    incident: incident && { id: incident.id, title: incident.title, status: incident.status },
    sleep: await sleepPart(stores, run, incident, catalog),
    whole,
    waiting: waitingPages(pagerDuty).map(pageName),
    runbook: runbook && { slug: runbook.slug, title: runbook.title, moved: runbook.digest !== run.digest },
    others: sameService
      .filter((each) => each.id !== run.id)
      .map(({ id, title, state, openedBy }) => ({ id, title, state, openedBy: personName(openedBy, names) })),
    followUps: followUps.filter((each) => each.runId === run.id),
    lookingToo: lookingToo.map(({ name }) => name),
    holder,
    notes,
    lines,
    people,
    gated,
    hand: byHand ? handWorkOf(run, await stores.runs.file(run.id), catalog, incident) : null,
  };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const id = params.id ?? '';
  context.require('read');
  const run = await context.stores.runs.get(id);
  if (!run) throw refusal(new AppError('not_found'));
  const form = await request.formData();
  const values = textFields(form);
  const parsed = runWish.safeParse(values, inWords);
  const stepId = values.step ?? null;
  const hash = stepId ? `#step-${encodeURIComponent(stepId)}` : '';
  const here = `${isByHand(request.url) ? paths.runByHand(id) : paths.run(id)}${hash}`;
  const actor = await requireActing(context, permissionOf(run, parsed.data), here, form);
  try {
    if (!parsed.success) throw new AppError('bad_input', parsed.error.issues[0]?.message);
    await carryOut(context, id, parsed.data, actor);
  } catch (error) {
    const code = errorCode(error);
    if (!code) throw error;
    const failure: StepFailure = { code, message: (error as AppError).message, stepId, values };
    // A stale plan is read again at once, so that the next look shows the new one.
    if (code === 'plan_stale' && stepId) await context.stores.runs.replan(id, stepId).catch(() => undefined);
    return data({ failure }, errorStatus(error));
  }
  const back = values.from === 'incident' && run.incidentId;
  return redirect(back ? `${paths.incident(back)}${hash}` : here, 303);
}

/** True where the page shows how each step is done by hand. */
function isByHand(url: string): boolean {
  return new URL(url).searchParams.get('by') === 'hand';
}

function textFields(body: FormData): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of body) if (typeof value === 'string') values[name] = value;
  return values;
}

export default function RunRoute() {
  const page = useLoaderData<typeof loader>() as RunPageData;
  const answered = useAnswer<typeof action, { failure: StepFailure }>(({ values, said }) => ({
    failure: { code: 'unauthenticated', message: said, stepId: values.step ?? null, values },
  }));
  return <RunPage page={page} failure={answered && 'failure' in answered ? answered.failure : null} />;
}
