import type { Catalog } from '#app/domain/catalog.ts';
import type { Actor } from '#app/domain/run/run.ts';
import type { StepDefinition } from '#app/domain/runbook/runbook.ts';
import { catalogOf, stepOf, type TestProcess, untilStep } from './harness.ts';

export const mary: Actor = { email: 'mary@studio.example', name: 'Mary', role: 'responder', teams: ['media-platform'] };
export const root: Actor = { email: 'root@studio.example', name: 'Root', role: 'admin', teams: [] };

/** A change forward of the flag in production. */
export const restore = stepOf({
  id: 'restore',
  uses: 'flag.restore',
  with: { flag: 'voiceover-v2', environment: 'production' },
});
/** Its stop. */
export const kill = stepOf({
  id: 'kill',
  uses: 'flag.kill',
  with: { flag: 'voiceover-v2', environment: 'production' },
});

/** What a form that breaks the glass says. */
export const glass = { reason: 'The launch cannot wait for anybody.', acknowledged: true };
/** Who acts, from nowhere in particular. */
export const by = (actor: Actor) => ({ actor, address: null });

/** A catalog in which the flag's file asks for people in production. */
export function gated(
  approvals: NonNullable<Catalog['flags'][number]['environments'][number]['approvals']>,
  steps: StepDefinition[] = [restore],
): Catalog {
  const catalog = catalogOf(steps);
  catalog.flags[0]!.environments = [{ name: 'production', protected: true, approvals }];
  return catalog;
}

/** Opens the runbook's run and waits for the plan of a step. */
export async function openPlanned(process: TestProcess, actor: Actor, stepId = 'restore') {
  const open = { template: 'burning', inputs: {}, incidentId: null, service: null };
  const runId = await process.runs.openRun(open, actor);
  const { planHash } = await untilStep(process, runId, stepId, ['planned']);
  return { runId, stepId, hash: planHash! };
}

/** Confirms a plan, which asks for approval where that is wanted. */
export async function confirm(
  process: TestProcess,
  of: { runId: string; stepId: string; hash: string },
  actor: Actor,
): Promise<void> {
  const form = { reason: 'The cause is mended.', acknowledged: true, outcome: null };
  await process.runs.confirm({ ...form, ...of, ...by(actor) });
}
