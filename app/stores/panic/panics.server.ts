import type { Against } from '../../domain/panic/against.ts';
import type { Panic } from '../../domain/panic/panic.ts';
import type { PanicSet } from '../../domain/panic/panic-set.ts';
import type { Actor } from '../../domain/run/run.ts';
import { confirmPanic } from './confirm-panic.server.ts';
import { openPanic, putPanicAway } from './open-panic.server.ts';
import { planAgain } from './panic-dry-run.server.ts';
import type { PanicDeps, PanicWord } from './panic-parts.server.ts';
import { panicReader, requiredPanic } from './read-panics.server.ts';
import { undoPanic } from './undo-panic.server.ts';

/** A panic with the hashes of what may be confirmed and undone now, and what speaks against the undo. */
export type PanicNow = Panic & { hash: string; undoHash: string; against: Against[] };

/** Panics: many things made safe by one word, each by a run of its own. */
export interface PanicStore {
  recent(limit: number): Promise<Panic[]>;
  /** The newest panic that a run is a member of; null for any other run. */
  ofRun(runId: string): Promise<Pick<Panic, 'id' | 'title'> | null>;
  /** A panic with what its confirmation and its undo are bound to now. */
  get(id: string): Promise<PanicNow | null>;
  /**
   * The dry run of a set: opens the run of each member, which plans and changes nothing, and returns the panic's id. One
   * that lies there unconfirmed is read anew instead. A member whose run cannot be opened is kept with its reason.
   */
  open(set: PanicSet, actor: Actor): Promise<string>;
  /** Reads the plans of an unconfirmed panic anew. */
  readAgain(id: string): Promise<void>;
  /**
   * One word for all plans that may be carried out, in one transaction: each member's run takes it or says why not, and
   * none waits for another. Throws AppError plan_stale | already_done | reason_needed | forbidden | mode_observe | not_found.
   */
  confirm(input: PanicWord & { acknowledged: boolean }): Promise<void>;
  /**
   * Asks for the way back of every member that this panic moved; the engine goes last in, first out. Throws `reason_needed`
   * where something speaks against it that nobody ticked, `plan_stale` where that is something else than was read.
   */
  undo(input: PanicWord & { acknowledged: boolean }): Promise<void>;
  /** Puts an unconfirmed panic away and cancels the runs that it opened. */
  putAway(id: string, actor: Actor): Promise<void>;
}

/** Panics in PostgreSQL, over the runs of their members. */
export function createPanicStore(deps: PanicDeps): PanicStore {
  return {
    ...panicReader(deps),
    open: (set, actor) => openPanic(deps, set, actor),
    async readAgain(id) {
      await planAgain(deps.runs, (await requiredPanic(deps, id)).members);
    },
    confirm: (word) => confirmPanic(deps, word),
    undo: (word) => undoPanic(deps, word),
    putAway: (id, actor) => putPanicAway(deps, id, actor),
  };
}
