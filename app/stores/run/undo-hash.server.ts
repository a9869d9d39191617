import { createHash } from 'node:crypto';
import { boundUndoText } from '../../domain/run/undo-plan.ts';
import type { StepRow } from './run-rows.ts';

/** SHA-256 of what undoing a step would do; see `boundUndoText` for what that covers. */
export function undoHash({ plan, captured, drive }: Pick<StepRow, 'plan' | 'captured' | 'drive'>): string {
  return createHash('sha256')
    .update(boundUndoText({ plan, captured, movedOn: drive.movedOn }))
    .digest('hex');
}
