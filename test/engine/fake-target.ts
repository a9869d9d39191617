import type { Action, ActionContext, Applied, Move } from '#app/actions/action.ts';
import { lockTarget } from '#app/domain/run/catalogue.ts';
import type { ActionKind, Plan } from '#app/domain/run/run.ts';

/** A target outside that remembers every effect. Tests turn its knobs. */
export interface FakeTarget {
  value: string;
  effects: { key: string; value: string }[];
  /** Thrown before the effect, as long as it is set. */
  failWith: Error | null;
  /** Thrown by plan and observe, as long as it is set. */
  unreadable: Error | null;
  /** Thrown after the effect, once: the answer is lost on the way. */
  loseAnswer: Error | null;
  /** Said by observe instead of an answer, as long as it is set. */
  unsure: string | null;
  /** Awaited inside the call, before the effect. */
  during: ((context: ActionContext) => Promise<void>) | null;
}

export function fakeTarget(value: string): FakeTarget {
  return { value, effects: [], failWith: null, unreadable: null, loseAnswer: null, unsure: null, during: null };
}

/** An action of the catalogue that sets a fake target to `after`. */
export function fakeAction(
  uses: string,
  kind: ActionKind,
  target: FakeTarget,
  after: string,
  options: {
    recovery?: Action['recovery'];
    follow?: Action['follow'];
    hold?: Action['hold'];
    repeatable?: Action['repeatable'];
    settled?: Action['settled'];
  } = {},
): Action {
  const read = () => {
    if (target.unreadable) throw target.unreadable;
    return target.value;
  };
  const write = async (context: ActionContext, move: Move, value: string): Promise<Applied> => {
    if (target.during) await target.during(context);
    if (target.failWith) throw target.failWith;
    target.value = value;
    target.effects.push({ key: move.key, value });
    const lost = target.loseAnswer;
    target.loseAnswer = null;
    if (lost) throw lost;
    return applied(value);
  };
  const applied = (value: string): Applied => ({
    next: 'done',
    progress: null,
    evidence: { value },
    outputs: { value },
  });
  return {
    uses,
    recovery: options.recovery ?? 'verifiable',
    async plan(context) {
      const before = read();
      return {
        plan: fakePlan(uses, kind, lockTarget(uses, context.input, null), before, after, context.now()),
        capture: before,
      };
    },
    apply: (context, move) => write(context, move, after),
    async stands() {
      const value = read();
      return { still: value === after, text: `it is ${value} now` };
    },
    undo: (context, move) => write(context, move, move.captured as string),
    async observe(_context, move, direction) {
      if (target.unsure !== null) return { state: 'unknown', text: target.unsure };
      const wanted = direction === 'undo' ? (move.captured as string) : after;
      const value = read();
      return value === wanted
        ? { state: 'done', text: `it is ${value}`, applied: applied(value) }
        : { state: 'not_done', text: `it is ${value}` };
    },
    ...(options.follow ? { follow: options.follow } : {}),
    ...(options.repeatable ? { repeatable: options.repeatable } : {}),
    ...(options.settled ? { settled: options.settled } : {}),
    ...(options.hold ? { hold: options.hold } : {}),
  };
}

function fakePlan(
  action: string,
  kind: ActionKind,
  target: string | null,
  before: string,
  after: string,
  readAt: number,
): Plan {
  return {
    action,
    kind,
    target,
    title: `Set it to ${after}`,
    confirmLabel: 'Set',
    before,
    after,
    diff: [
      { sign: '-', text: before },
      { sign: '+', text: after },
    ],
    preconditions: [],
    needsReason: false,
    expected: '',
    blast: [],
    effect: 'At once.',
    effectMs: 0,
    undo: `Set it to ${before}`,
    commands: [],
    verify: null,
    readAt,
    refused: before === after ? `It is ${after} already.` : null,
  };
}
