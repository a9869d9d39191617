import { may, owns, type Permission } from '../../domain/audit/permission.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { flagOf } from '../../domain/run/flag-of.ts';
import type { Actor } from '../../domain/run/run.ts';
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
  const definition = run.steps.find(({ id }) => id === step.step_id);
  const flag = flagOf(step, definition?.with.flag, run.inputs);
  const declared = catalog?.flags.find((one) => one.name === flag);
  if (!declared || !owns(actor, declared.owners)) {
    const whose = declared ? ` It belongs to ${declared.owners.join(', ')}.` : '';
    throw new AppError('forbidden', `You may act on flags you own only.${whose}`);
  }
}
