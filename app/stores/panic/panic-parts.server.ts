import { createHash } from 'node:crypto';
import { may } from '../../domain/audit/permission.ts';
import type { Panic } from '../../domain/panic/panic.ts';
import type { Actor } from '../../domain/run/run.ts';
import { AppError } from '../../errors.ts';
import type { Tx } from '../../platform/db.server.ts';
import type { NewAuditEntry } from '../audit.server.ts';
import { said } from '../run/decide-step.server.ts';
import type { RunStoreDeps } from '../run/runs.server.ts';
import type { RunStore } from '../stores.ts';

/** What panics are written with. */
export type PanicDeps = RunStoreDeps & { runs: RunStore };

/** Who means which panic, with the hash of what they saw and their sentence. */
export interface PanicWord {
  id: string;
  hash: string;
  reason: string;
  actor: Actor;
  address: string | null;
}

/** Throws `forbidden` unless the person may press panic sets. */
export function mayPanic(actor: Actor): void {
  if (!may(actor.role, 'panic')) throw new AppError('forbidden', 'A responder presses the panic page.');
}

/** The sentence of somebody who may press or take back a panic here; throws `forbidden`, `mode_observe` or what a missing reason gives. */
export function panicWord(
  deps: Pick<PanicDeps, 'mode'>,
  { actor, reason }: Pick<PanicWord, 'actor' | 'reason'>,
): string {
  mayPanic(actor);
  if (deps.mode !== 'act') throw new AppError('mode_observe');
  return said(reason);
}

/** An audit line about a panic. */
export function panicLine(
  { clock }: Pick<PanicDeps, 'clock'>,
  panic: Panic,
  action: 'confirmed' | 'undo' | 'put-away',
  actor: Actor,
  reason: string | null,
  after: unknown,
): NewAuditEntry {
  return {
    ...{ at: clock.now(), actor: actor.email, action: `panic.${action}`, target: `panic/${panic.set}`, reason },
    ...{ runId: null, stepId: null, before: null, after, address: null },
  };
}

/** Pages of panics and lists of runs hear of it when the transaction commits. */
export async function tellOfPanics({ notify }: Pick<PanicDeps, 'notify'>, tx: Tx): Promise<void> {
  await notify('runs', tx);
  await notify('panics', tx);
}

/** The hash that a word about a panic is bound to. */
export const panicHash = (text: string) => createHash('sha256').update(text).digest('hex');
