import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { useAnswer } from '../components/answer.ts';
import { driftView, noDrift } from '../components/flag/drift-view.ts';
import type { RefusedFlagForm } from '../components/flag/kept.ts';
import { FlagPage } from '../components/flag/page.tsx';
import type { FlagPageData } from '../components/flag/page-data.ts';
import { isOfFlag } from '../components/flag/row.ts';
import { standing } from '../components/flag/standing.ts';
import { environmentViews, segmentNames } from '../components/flag/view.ts';
import { whoGetsIt } from '../components/flag/who.ts';
import { FreezeNote, type FrozenHere } from '../components/freeze/note.tsx';
import { outlook } from '../components/rollout/view.ts';
import { personName } from '../domain/audit/person-names.ts';
import type { FlagState } from '../domain/flag/flag.ts';
import type { KillNotice } from '../domain/flag/kill-notice.ts';
import { staleReasons } from '../domain/flag/lifecycle.ts';
import { safeWords } from '../domain/flag/safe-words.ts';
import type { FlagHour, SdkFleet } from '../domain/flag/usage.ts';
import { flagWish } from '../domain/flag/wishes.ts';
import { writtenAt } from '../domain/flag/written.ts';
import { inWords } from '../domain/form-words.ts';
import { lockTarget } from '../domain/run/catalogue.ts';
import { askRefusal, turnRefusal } from '../domain/run/flag-offer.ts';
import { judgedAfter } from '../domain/run/judged.ts';
import { AppError, errorCode, errorStatus, refusal } from '../errors.ts';
import { carryOutOnFlag } from '../flag-acts.ts';
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
    declaredAt: writtenAt(declared?.written),
    stale: staleReasons(declared, state, now),
    drift: read.value === null || !catalog ? noDrift : driftView(declared, state, deployment.environment),
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
    schedules: schedules.map((one) => ({
      ...one,
      judged: judgedAfter('template:flag.expose', one.inputs, catalog, deployment.environment),
    })),
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
  const actor = await requireActing(context, 'run.open', paths.flag(name), request);
  const sent = Object.fromEntries(await request.formData());
  const parsed = flagWish.safeParse(sent, inWords);
  try {
    if (!parsed.success) throw new AppError('bad_input', parsed.error.issues[0]?.message);
    const declared = (await context.stores.catalog.current())?.flags.find((each) => each.name === name) ?? null;
    return redirect(await carryOutOnFlag(context, declared, parsed.data, actor), 303);
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

export default function FlagRoute() {
  const page = useLoaderData<typeof loader>() as FlagPageData & { frozen: FrozenHere };
  const failed = useAnswer<typeof action, RefusedFlagForm>(({ values, said }) => ({
    message: said,
    sent: values,
    notSent: true,
  }));
  return (
    <>
      <FreezeNote {...page.frozen} />
      <FlagPage page={page} refused={failed && 'message' in failed ? failed : null} />
    </>
  );
}
