import type { Catalog } from '../../domain/catalog.ts';
import type { Brake } from '../../domain/rollout/next-move.ts';
import { rollRefusal } from '../../domain/rollout/permission.ts';
import type { Rollout } from '../../domain/rollout/rollout.ts';
import { needsApproval, whyNotApproveStage } from '../../domain/rollout/stage-approval.ts';
import { freezeOn } from '../../domain/run/gate.ts';
import { gateSubject } from '../../domain/run/gate-rules.ts';
import type { Actor } from '../../domain/run/run.ts';
import { shareText } from '../../domain/slo/figures.ts';
import { standingFreezes } from '../../stores/freezes.server.ts';
import type { SloState } from '../../stores/stores.ts';
import type { RolloutDeps } from './deps.ts';

/** Share of the error budget under which nothing goes forward. */
const leastBudget = 0.1;

/** Everything that stands in the way of a step forward now, and the person in whose name it would be taken. */
export async function brakesOf(
  deps: RolloutDeps,
  catalog: Catalog,
  rollout: Rollout,
): Promise<{ brakes: Brake[]; person: Actor | null }> {
  const brakes: Brake[] = [];
  if (deps.mode !== 'act' && !rollout.shadow) {
    brakes.push({ reason: 'mode', text: 'Firebreak only observes here; it changes nothing.' });
  }
  const asked = rollout.actsFor ?? rollout.openedBy;
  const person = await deps.people.get(asked.email);
  const why = personRefusal(catalog, rollout, asked, person);
  if (why) brakes.push({ reason: 'person', text: why });
  brakes.push(...(await freezeBrakes(deps, catalog, rollout)));
  brakes.push(...(await incidentBrakes(deps, rollout)), ...(await sloBrakes(deps, catalog, rollout)));
  brakes.push(...(await approvalBrakes(deps, catalog, rollout)));
  return { brakes, person: why ? null : person };
}

function personRefusal(catalog: Catalog, rollout: Rollout, asked: Actor, person: Actor | null): string | null {
  if (!person) return `${asked.name} has no account here any more. Somebody else may resume it in their own name.`;
  const refused = rollRefusal(person, rollout.subject, ownersOf(catalog, rollout), 'resume');
  return refused && `${asked.name} may not take this step any more: ${refused}`;
}

function ownersOf(catalog: Catalog, { subject }: Rollout): string[] | null {
  const declared = subject.kind === 'flag' ? catalog.flags.find(({ name }) => name === subject.flag) : null;
  return declared?.owners ?? null;
}

/** Whoever approves a stage counts as they are at its step: disabled since, or in another role or team, they do not. */
async function approvalBrakes(deps: RolloutDeps, catalog: Catalog, rollout: Rollout): Promise<Brake[]> {
  const { approve } = rollout.plan.stages[rollout.stage]!;
  const waits = `stage waits for the word of ${approve.join(' or ')}.`;
  if (needsApproval(rollout)) return [{ reason: 'approval', text: `This ${waits}` }];
  const given = rollout.approvals[rollout.stage];
  if (approve.length === 0 || given?.email === undefined) return [];
  const person = await deps.people.get(given.email);
  const counts =
    person !== null &&
    whyNotApproveStage(rollout, person) === null &&
    rollRefusal(person, rollout.subject, ownersOf(catalog, rollout), 'approve-stage') === null;
  if (counts) return [];
  const text = `${given.by}, who approved this stage, may not do so any more: this ${waits}`;
  return [{ reason: 'approval', text, unapproves: true }];
}

async function freezeBrakes(deps: RolloutDeps, catalog: Catalog, { target, service }: Rollout): Promise<Brake[]> {
  const subject = gateSubject(target, service, catalog, deps.environment);
  const now = deps.clock.now();
  const freeze = subject.protected ? freezeOn(await standingFreezes(deps.db, now), subject, now) : null;
  return freeze ? [{ reason: 'frozen', text: `Changes are frozen: ${freeze.reason}` }] : [];
}

async function incidentBrakes(deps: RolloutDeps, { service }: Rollout): Promise<Brake[]> {
  const open = (await deps.incidents.open()).find((one) => one.service === service || one.children.includes(service));
  return open ? [{ reason: 'incident', text: `An incident is open on ${service}: ${open.title}.` }] : [];
}

/** What the SLOs of the service, and those that guard the stage, say of a step now. What is not known is no yes. */
async function sloBrakes(deps: RolloutDeps, catalog: Catalog, rollout: Rollout): Promise<Brake[]> {
  const guarding = rollout.plan.stages[rollout.stage]!.guards.flatMap(({ source }) =>
    source.kind === 'slo' ? [source.slo] : [],
  );
  const ofService = catalog.slos.filter(({ service }) => service === rollout.service).map(({ id }) => id);
  const ids = [...new Set([...guarding, ...ofService])];
  const states = await Promise.all(ids.map((id) => deps.slos.state(id)));
  const brakes = ids.flatMap((id, index) => brakesOfSlo(id, states[index] ?? null, guarding.includes(id)));
  return brakes.sort((a, b) => (a.reason === b.reason ? 0 : a.reason === 'budget' ? -1 : 1));
}

function brakesOfSlo(id: string, state: SloState | null, guards: boolean): Brake[] {
  const unknown = state === null || state.error !== null || state.evaluation.condition === 'stale';
  if (unknown) {
    const why = state?.error ?? state?.evaluation.reason ?? 'it has not been evaluated yet';
    return guards ? [{ reason: 'no-data', text: `How ${id} burns is not known: ${why.replace(/\.$/, '')}.` }] : [];
  }
  const { budgetRemaining } = state.evaluation.period;
  if (budgetRemaining !== null && budgetRemaining < leastBudget) {
    const left = shareText(Math.max(0, budgetRemaining));
    return [{ reason: 'budget', text: `${left} of the budget of ${id} is left: under 10 % nothing goes forward.` }];
  }
  return state.tier === null
    ? []
    : [{ reason: 'incident', text: `${id} burns its budget too fast: nothing goes forward until it is calm.` }];
}
