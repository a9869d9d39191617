import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { FlagPage, type FlagPageData } from '../components/flag/page.tsx';
import { isOfFlag } from '../components/flag/row.ts';
import { standing } from '../components/flag/standing.ts';
import { environmentViews, segmentNames } from '../components/flag/view.ts';
import { whoGetsIt } from '../components/flag/who.ts';
import { FreezeNote, type FrozenHere } from '../components/freeze/note.tsx';
import { outlook } from '../components/rollout/view.ts';
import { personName } from '../domain/audit/person-names.ts';
import { flagDrift } from '../domain/flag/drift.ts';
import type { FlagDeclaration, FlagState } from '../domain/flag/flag.ts';
import type { KillNotice } from '../domain/flag/kill-notice.ts';
import { staleReasons } from '../domain/flag/lifecycle.ts';
import { isProtected } from '../domain/flag/protection.ts';
import { safeWords } from '../domain/flag/safe-words.ts';
import { readScheduleTime } from '../domain/flag/schedule.ts';
import type { FlagHour, SdkFleet } from '../domain/flag/usage.ts';
import { type FlagWish, flagWish } from '../domain/flag/wishes.ts';
import { lockTarget } from '../domain/run/catalogue.ts';
import { askRefusal, turnRefusal } from '../domain/run/flag-offer.ts';
import type { Actor } from '../domain/run/run.ts';
import { AppError, errorCode, errorStatus, refusal } from '../errors.ts';
import type { RequestContext } from '../load-context.ts';
import { paths } from '../paths.ts';

const changesShown = 30;
const runsShown = 10;

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [{ title: `${page?.name ?? 'Flag'} · Firebreak` }];

export const handle = {
  topics: ['flags', 'observations', 'catalog', 'changes', 'runs', 'follow-ups', 'freezes', 'rollouts'],
};

export async function loader({
  request,
  params,
  context,
}: LoaderFunctionArgs): Promise<FlagPageData & { frozen: FrozenHere }> {
  const actor = context.require('read');
  const { stores, clock, deployment } = context;
  const { observations } = stores;
  const name = params.name ?? '';
  const [catalog, read] = await Promise.all([
    stores.catalog.current(),
    observations.get<FlagState[]>('unleash', 'flags'),
  ]);
  const flags = new Map((read.value ?? []).map((each) => [each.flag, each]));
  const declared = catalog?.flags.find((each) => each.name === name) ?? null;
  const state = flags.get(name) ?? null;
  if (!declared && !state) throw refusal(new AppError('not_found', 'No file declares this flag and Unleash has none.'));
  const names = (state ?? { environments: [] }).environments.map(({ environment }) => environment);
  const environments = names.length > 0 ? names : (declared?.environments.map((each) => each.name) ?? []);
  const search = new URL(request.url).searchParams;
  const wanted = search.get('environment') ?? deployment.environment;
  const asked = environments.includes(wanted) ? wanted : (environments[0] ?? deployment.environment);
  const targets = environments.map((environment) => lockTarget('flag.kill', { flag: name, environment }, null)!);
  const [changes, runs, followUps, told, hours, fleets, served, schedules, freezes, ...rollouts] = await Promise.all([
    stores.changes.ofFlag(name, changesShown),
    stores.runs.list({ targets, limit: runsShown }),
    stores.followUps.open(),
    observations.all<KillNotice>('firebreak', 'killed/'),
    observations.get<FlagHour[]>('unleash', `usage/${name}`),
    observations.all<SdkFleet>('unleash', 'fleet/'),
    stores.servedFlags.of(asked, name),
    stores.flagSchedules.of(name),
    stores.freezes.standing(clock.now()),
    ...targets.map((target) => stores.rollouts.list({ target, open: true, limit: 1 })),
  ]);
  const openers = await stores.people.names(runs.map(({ openedBy }) => openedBy));
  const applications = new Set((hours.value ?? []).map(({ application }) => application));
  const now = clock.now();
  const segments = segmentNames(served.value);
  const subject = { service: declared?.service ?? null, environment: deployment.environment };
  return {
    name,
    frozen: { freezes, subject, now },
    title: declared?.title ?? name,
    description: declared?.description ?? state?.description ?? '',
    type: declared?.type ?? state?.type ?? '',
    service: declared?.service ?? null,
    owners: declared?.owners ?? [],
    safe: declared && safeWords(declared.safe),
    expires: declared?.expires ?? null,
    slos: declared?.slos ?? [],
    stale: staleReasons(declared, state, now),
    drift: read.value === null || !catalog ? [] : flagDrift(declared ? [declared] : [], state ? [state] : []),
    createdAt: state?.createdAt ?? null,
    lastSeenAt: state?.lastSeenAt ?? null,
    parents: (state?.parents ?? []).map((parent) => ({ name: parent, needs: state?.parentNeeds?.[parent] ?? 'on' })),
    children: state?.children ?? [],
    read: {
      ...read,
      value: state && environmentViews(state, declared, { first: deployment.environment, flags, segments }),
    },
    readOnce: read.value !== null,
    who: whoGetsIt(name, environments, asked, search, served, now),
    hours,
    fleets: Object.values(fleets).flatMap(({ value }) => (value && applications.has(value.application) ? value : [])),
    changes,
    runs: runs.map(({ id, title, state: at, service, openedBy, openedAt, steps }) => ({
      id,
      title,
      state: at,
      service,
      openedBy: personName(openedBy, openers),
      openedAt,
      results: steps.flatMap((step) => (step.result === 'none' ? [] : [step.result])),
    })),
    followUps: followUps.filter(({ target }) => isOfFlag(target, name)),
    notices: standing(told, followUps).filter(({ flag }) => flag === name),
    whyNot: turnRefusal(actor, declared, deployment.mode),
    mayAsk: askRefusal(actor, declared, deployment.mode) === null,
    schedules,
    rollouts: rollouts.flat(),
    nextSteps: Object.fromEntries(rollouts.flat().map((one) => [one.id, catalog && outlook(one, catalog).nextAt])),
    timeZone: catalog?.timeZone ?? 'UTC',
  };
}

/**
 * Opens the run of what was wished for, with its plan; the run's page asks for the word. In an environment that is not
 * protected the press is the word, bound to the plan that was just made.
 */
export async function action({ request, params, context }: ActionFunctionArgs) {
  const name = params.name ?? '';
  const actor = requireActing(context, 'run.open', paths.flag(name));
  const sent = Object.fromEntries(await request.formData());
  const parsed = flagWish.safeParse(sent);
  try {
    if (!parsed.success) throw new AppError('bad_input', parsed.error.issues[0]?.message);
    const declared = (await context.stores.catalog.current())?.flags.find((each) => each.name === name) ?? null;
    const why = turnRefusal(actor, declared, context.deployment.mode);
    const wish = parsed.data;
    if (wish.intent === 'ask') return redirect(await ask(context, declared, wish, actor), 303);
    if (why || !declared) throw new AppError('forbidden', why ?? undefined);
    if (wish.intent === 'schedule') await planLater(context, declared, wish, actor);
    else if (wish.intent === 'unschedule') await cancelPlanned(context, declared, wish.id, actor);
    else return redirect(await turn(context, declared, wish, actor), 303);
    return redirect(`${paths.flag(name)}#planned`, 303);
  } catch (error) {
    if (!errorCode(error)) throw error;
    return data({ message: (error as AppError).message, sent: textOnly(sent) }, errorStatus(error));
  }
}

function textOnly(sent: Record<string, FormDataEntryValue>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sent).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

type Wish<Intent extends FlagWish['intent']> = Extract<FlagWish, { intent: Intent }>;

/** Opens the run and answers where to go. */
async function turn(
  { stores, address, clock, deployment }: RequestContext,
  declared: FlagDeclaration,
  { intent, ...wish }: Wish<'kill' | 'restore' | 'expose'>,
  actor: Actor,
): Promise<string> {
  const { name: flag, service, slos } = declared;
  // More people where it counts: an SLO of the flag proves that they do no harm.
  const slo = intent === 'expose' && wish.environment === deployment.environment ? (slos[0] ?? '') : '';
  const inputs = Object.fromEntries(Object.entries({ flag, ...wish, slo }).filter(([, value]) => value !== ''));
  const pressedAt = clock.now();
  const runId = await stores.runs.openRun(
    { template: `template:flag.${intent}`, inputs, incidentId: null, service },
    actor,
  );
  const step = (await stores.runs.get(runId))?.steps[0];
  if (!step) return paths.run(runId);
  // A run of the same wish may lie open since earlier: what is confirmed was read after the press.
  if (step.state === 'planned' && (step.plan?.readAt ?? 0) < pressedAt) await stores.runs.replan(runId, step.id);
  await stores.runs.waitForPlan(runId, step.id, 2_000);
  const gated = isProtected(declared, wish.environment, deployment.environment);
  const planned = gated ? null : (await stores.runs.get(runId))?.steps[0];
  const { plan, planHash } = planned ?? { plan: null, planHash: null };
  if (planned?.state !== 'planned' || !plan || !planHash || plan.refused || plan.needsReason) {
    return paths.runStep(runId, step.id);
  }
  const said = { reason: null, acknowledged: false, outcome: null, actor, address };
  await stores.runs.confirm({ runId, stepId: step.id, hash: planHash, ...said });
  return `${paths.flag(flag)}#in-${encodeURIComponent(wish.environment)}`;
}

/** Writes a change down for its time, with the flag as the person sees it now. */
async function planLater(
  { stores, clock, address }: RequestContext,
  { name: flag, slos, environments }: FlagDeclaration,
  { environment, percent, at, zone }: Wish<'schedule'>,
  actor: Actor,
): Promise<void> {
  const now = clock.now();
  const [catalog, read] = await Promise.all([
    stores.catalog.current(),
    stores.observations.get<FlagState[]>('unleash', 'flags'),
  ]);
  const state = read.value?.find((one) => one.flag === flag);
  const seen = state?.environments.find((one) => one.environment === environment);
  if (!seen || !environments.some((one) => one.name === environment)) {
    throw new AppError('bad_input', `${flag} does not exist in ${environment}, as Unleash was last read.`);
  }
  const time = readScheduleTime({ at, zone }, catalog?.timeZone ?? 'UTC', now);
  if ('problem' in time) throw new AppError('bad_input', time.problem);
  const inputs = { flag, environment, percent, ...(slos[0] ? { slo: slos[0] } : {}) };
  const title = `Set ${flag} to ${percent} % in ${environment}`;
  const wanted = { flag, environment, title, template: 'template:flag.expose', inputs, seen, ...time };
  await stores.flagSchedules.make(wanted, { actor, at: now, address });
}

async function cancelPlanned(
  { stores, clock, address }: RequestContext,
  { name }: FlagDeclaration,
  id: string,
  actor: Actor,
): Promise<void> {
  const found = (await stores.flagSchedules.of(name)).find((one) => one.id === id);
  if (!found) throw new AppError('not_found', 'This flag has no such plan.');
  if (await stores.flagSchedules.cancel(id, { actor, at: clock.now(), address })) return;
  throw new AppError('already_done', 'It is done, under way or cancelled already.');
}

/** Sends what somebody may not do to those who may, and answers where it stands. */
async function ask(
  { stores, clock, address, deployment }: RequestContext,
  declared: FlagDeclaration | null,
  { environment, percent, reason }: Wish<'ask'>,
  actor: Actor,
): Promise<string> {
  const why = askRefusal(actor, declared, deployment.mode);
  if (why || !declared) throw new AppError('forbidden', why ?? undefined);
  const { name: flag, owners } = declared;
  if (!declared.environments.some((one) => one.name === environment)) {
    throw new AppError('bad_input', `${flag} is not declared in ${environment}.`);
  }
  const endpoints = (await stores.catalog.current())?.endpoints ?? [];
  const chats = endpoints.filter(({ name, use }) => use === 'chat' && owners.includes(name)).map(({ name }) => name);
  const wanted = {
    ...{ flag, environment, reason, owners, chats, template: 'template:flag.expose' },
    ...{ title: `Set ${flag} to ${percent} % in ${environment}`, inputs: { flag, environment, percent } },
    link: `${deployment.baseUrl}${paths.changeRequests()}`,
  };
  const id = await stores.changeRequests.ask(wanted, { actor, at: clock.now(), address });
  return `${paths.changeRequests()}#${id}`;
}

export default function FlagRoute() {
  const page = useLoaderData<typeof loader>() as FlagPageData & { frozen: FrozenHere };
  const failed = useActionData<typeof action>();
  return (
    <>
      <FreezeNote {...page.frozen} />
      <FlagPage page={page} refused={failed && 'message' in failed ? failed : null} />
    </>
  );
}
