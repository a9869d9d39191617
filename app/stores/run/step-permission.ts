import { may, owns, type Permission } from '../../domain/audit/permission.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { Actor } from '../../domain/run/run.ts';
import { interpolate } from '../../domain/runbook/expressions.ts';
import { AppError } from '../../errors.ts';
import type { RunRow, StepRow } from './run-rows.ts';

/** Throws `forbidden` unless the person may do this with the step. Product people act on flags they own, and on nothing else. */
export function mayActOn(
  actor: Actor,
  permission: Permission,
  run: Pick<RunRow, 'steps' | 'inputs'>,
  step: Pick<StepRow, 'step_id' | 'uses' | 'plan'>,
  catalog: Catalog | null,
): void {
  if (!may(actor.role, permission)) {
    throw new AppError('forbidden', actor.role === 'viewer' ? 'Viewers read; a responder acts.' : undefined);
  }
  if (actor.role !== 'product') return;
  const flag = flagOf(run, step);
  const declared = catalog?.flags.find((one) => one.name === flag);
  if (!declared || !owns(actor, declared.owners)) {
    const whose = declared ? ` It belongs to ${declared.owners.join(', ')}.` : '';
    throw new AppError('forbidden', `You may act on flags you own only.${whose}`);
  }
}

/** The flag a step is about; null for anything but a flag. */
function flagOf(
  run: Pick<RunRow, 'steps' | 'inputs'>,
  step: Pick<StepRow, 'step_id' | 'uses' | 'plan'>,
): string | null {
  if (!step.uses.startsWith('flag.')) return null;
  const target = /^flag\/[^/]+\/(.+)$/.exec(step.plan?.target ?? '');
  if (target) return target[1]!;
  const definition = run.steps.find((one) => one.id === step.step_id);
  const filled = interpolate(definition?.with.flag ?? null, {
    inputs: run.inputs,
    steps: {},
    incident: null,
    service: null,
  });
  return filled.ok && typeof filled.value === 'string' ? filled.value : null;
}
