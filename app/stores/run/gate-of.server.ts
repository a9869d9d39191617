import type { Catalog } from '../../domain/catalog.ts';
import { type Gate, type GateRule, type GateSubject, gateOf } from '../../domain/run/gate.ts';
import { gateRules, gateSubject } from '../../domain/run/gate-rules.ts';
import { confirmPermission } from '../../domain/run/offers.ts';
import type { Actor } from '../../domain/run/run.ts';
import { errorCode } from '../../errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import { standingFreezes } from '../freezes.server.ts';
import { createPeopleStore } from '../people.server.ts';
import type { RunRow, StepRow } from './run-rows.ts';
import { mayActOn } from './step-permission.ts';

/** What a gate is read with. `environment` is the console's own. */
export interface GateDeps {
  clock: Clock;
  environment: string;
}

/** The rules about the change of a step, and what it touches. */
export function rulesOf(
  deps: Pick<GateDeps, 'environment'>,
  catalog: Catalog | null,
  run: Pick<RunRow, 'template' | 'service' | 'steps'>,
  step: Pick<StepRow, 'step_id' | 'plan'>,
): { subject: GateSubject; rules: GateRule[] } {
  const subject = gateSubject(step.plan?.target ?? null, run.service, catalog, deps.environment);
  const definition = run.steps.find(({ id }) => id === step.step_id) ?? null;
  return { subject, rules: gateRules(subject, { template: run.template, step: definition }, catalog) };
}

/**
 * The gate of a step's plan. `requester` counts where a rule lets them; of the others those count who still stand: not
 * disabled, and in the role and teams that they have now.
 */
export async function gateOfStep(
  db: Db | Tx,
  deps: GateDeps,
  catalog: Catalog | null,
  { run, step }: { run: Pick<RunRow, 'template' | 'service' | 'steps'>; step: StepRow },
  people: { requester: Actor | null; approvers: readonly Actor[] },
): Promise<Gate> {
  const { subject, rules } = rulesOf(deps, catalog, run, step);
  const now = deps.clock.now();
  const kind = step.plan?.kind ?? step.kind;
  // A freeze bites forward changes only: a stop asks nothing that could be slow.
  const freezes = kind === 'forward' ? await standingFreezes(db, now) : [];
  const { requester } = people;
  const approvers = requester ? [requester, ...people.approvers] : people.approvers;
  return gateOf({ kind, subject, rules, freezes, requester, approvers, now });
}

/** These people as they are now; whoever was disabled or is gone is left out. */
export async function standing(db: Db | Tx, deps: Pick<GateDeps, 'clock'>, people: readonly Actor[]): Promise<Actor[]> {
  const store = createPeopleStore(db, deps.clock.wall);
  const now = await Promise.all(people.map(({ email }) => store.get(email)));
  return now.filter((person) => person !== null);
}

/** Why a change does not go when whoever asked for it fell. */
export function requesterGone({ name }: Pick<Actor, 'name'>): string {
  return `${name}, who asked for this, may not act any more. Somebody else has to ask.`;
}

/** Who asked, as they are now, by which program if by one; null when they may not have this done any more. Product people still have to own the flag. */
export async function requesterNow(
  db: Db | Tx,
  deps: Pick<GateDeps, 'clock'>,
  requester: Actor,
  about: { run: RunRow; step: StepRow; catalog: Catalog | null },
): Promise<Actor | null> {
  const [now] = await standing(db, deps, [requester]);
  if (!now) return null;
  try {
    mayActOn(now, confirmPermission('forward'), about.run, about.step, about.catalog);
    return requester.key === undefined ? now : { ...now, key: requester.key };
  } catch (error) {
    if (errorCode(error) !== 'forbidden') throw error;
    return null;
  }
}

/**
 * True when whoever confirmed a change has an account that does not let them any more: disabled, or in a role or without the
 * flag that it takes. The engine itself has no account.
 */
export async function fellSince(
  db: Db | Tx,
  deps: Pick<GateDeps, 'clock'>,
  by: Actor,
  about: { run: RunRow; step: StepRow; catalog: Catalog | null },
): Promise<boolean> {
  const account = await db
    .selectFrom('user')
    .select('id')
    .where('email', '=', by.email.toLowerCase())
    .executeTakeFirst();
  return account !== undefined && (await requesterNow(db, deps, by, about)) === null;
}
