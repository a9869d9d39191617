import { ownersChats } from './domain/endpoint/owners-chats.ts';
import type { FlagDeclaration, FlagState } from './domain/flag/flag.ts';
import { isProtected } from './domain/flag/protection.ts';
import { readScheduleTime } from './domain/flag/schedule.ts';
import type { FlagWish } from './domain/flag/wishes.ts';
import { askRefusal, turnRefusal } from './domain/run/flag-offer.ts';
import type { Actor } from './domain/run/run.ts';
import { AppError } from './errors.ts';
import type { RequestContext } from './load-context.ts';
import { paths } from './paths.ts';

/**
 * Carries out what somebody wishes of a flag (null: no file declares it), and answers the path where it stands then. Throws
 * AppError where they may not, or where the stores refuse it.
 */
export async function carryOutOnFlag(
  context: RequestContext,
  declared: FlagDeclaration | null,
  wish: FlagWish,
  actor: Actor,
): Promise<string> {
  if (wish.intent === 'ask') return ask(context, declared, wish, actor);
  const why = turnRefusal(actor, declared, context.deployment.mode);
  if (why || !declared) throw new AppError('forbidden', why ?? undefined);
  if (wish.intent === 'schedule') await planLater(context, declared, wish, actor);
  else if (wish.intent === 'unschedule') await cancelPlanned(context, declared, wish.id, actor);
  else return turn(context, declared, wish, actor);
  return `${paths.flag(declared.name)}#planned`;
}

type Wish<Intent extends FlagWish['intent']> = Extract<FlagWish, { intent: Intent }>;

/** Opens the run and answers where to go. */
async function turn(
  { stores, address, clock, deployment }: RequestContext,
  declared: FlagDeclaration,
  { intent, ...wish }: Wish<'kill' | 'restore' | 'define' | 'expose'>,
  actor: Actor,
): Promise<string> {
  const { name: flag, service } = declared;
  const inputs = Object.fromEntries(Object.entries({ flag, ...wish }).filter(([, value]) => value !== ''));
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
  declared: FlagDeclaration,
  { environment, percent, at, zone }: Wish<'schedule'>,
  actor: Actor,
): Promise<void> {
  const { name: flag, environments } = declared;
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
  const inputs = { flag, environment, percent };
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
  const chats = await ownersChats((await stores.catalog.current()) ?? {}, owners, stores.people);
  const wanted = {
    ...{ flag, environment, reason, owners, chats, template: 'template:flag.expose' },
    ...{ title: `Set ${flag} to ${percent} % in ${environment}`, inputs: { flag, environment, percent } },
    link: `${deployment.baseUrl}${paths.changeRequests()}`,
  };
  const id = await stores.changeRequests.ask(wanted, { actor, at: clock.now(), address });
  return `${paths.changeRequests()}#${id}`;
}
