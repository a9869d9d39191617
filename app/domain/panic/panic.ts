import { canonicalValue } from '../audit/canonical.ts';
import type { Run, RunStep } from '../run/run.ts';
import type { PanicTarget } from './panic-set.ts';

/** One pressing of a panic set: its dry run, and once it was confirmed what came of each member. Times ms. */
export interface Panic {
  id: string;
  set: string;
  title: string;
  why: string;
  environment: string;
  openedBy: string;
  openedAt: number;
  confirmedBy: string | null;
  confirmedAt: number | null;
  /** The sentence of whoever confirmed. */
  reason: string | null;
  undoBy: string | null;
  undoAt: number | null;
  /** When the last member was asked to go back; null while that goes on. */
  undoEndedAt: number | null;
  /** What spoke against the way back when it was asked for, in words. */
  undoDespite: string[];
  /** Put away without having been confirmed. */
  putAwayAt: number | null;
  members: PanicMember[];
}

/** One member with the run of its own that makes it safe: a lock, a plan and an outcome apart from all others. */
export interface PanicMember extends PanicTarget {
  /** Null where no run could be opened: `problem` says why. */
  run: Run | null;
  problem: string | null;
  /** This panic's confirmation was taken by the member's run. */
  confirmed: boolean;
}

/** What stands with a member, for people. */
export type MemberState =
  | 'no-run'
  | 'planning'
  | 'ready'
  | 'refused'
  | 'under-way'
  | 'in-effect'
  | 'failed'
  | 'unknown'
  | 'undone'
  | 'passed-over';

/** The one step of a member's run. */
export function memberStep({ run }: Pick<PanicMember, 'run'>): RunStep | null {
  return run?.steps[0] ?? null;
}

/** How a member stands now. */
export function memberState(member: PanicMember): MemberState {
  const step = memberStep(member);
  if (!step) return 'no-run';
  if (step.state === 'planned') return step.plan?.refused ? 'refused' : step.plan ? 'ready' : 'planning';
  if (step.state === 'pending') return 'planning';
  if (step.state === 'succeeded' || step.state === 'verifying') return 'in-effect';
  if (step.state === 'skipped') return 'passed-over';
  if (step.state === 'failed' || step.state === 'unknown' || step.state === 'undone') return step.state;
  return 'under-way';
}

/** The members that one confirmation covers: those with a plan that may be carried out. */
export function readyMembers(panic: Pick<Panic, 'members'>): PanicMember[] {
  return panic.members.filter((member) => memberState(member) === 'ready');
}

/** The members that an undo of the whole covers, last in, first out. */
export function undoableMembers(panic: Pick<Panic, 'members'>): PanicMember[] {
  return panic.members.filter((member) => member.confirmed && memberStep(member)?.undoHash).reverse();
}

/** The text whose SHA-256 the one confirmation is bound to: the hashes of all plans that it covers, member by member. */
export function boundPanicText(panic: Pick<Panic, 'members'>): string {
  const plans = readyMembers(panic).map((member) => ({
    kind: member.kind,
    name: member.name,
    plan: memberStep(member)?.planHash ?? null,
  }));
  return JSON.stringify(canonicalValue({ panic: plans }));
}

/** The text whose SHA-256 the undo of the whole is bound to: what would be undone, and what speaks against it. */
export function boundPanicUndoText(panic: Pick<Panic, 'members'>, against: readonly { key: string }[]): string {
  const undos = undoableMembers(panic).map((member) => ({
    kind: member.kind,
    name: member.name,
    undo: memberStep(member)?.undoHash ?? null,
  }));
  return JSON.stringify(canonicalValue({ undo: undos, against: against.map(({ key }) => key).sort() }));
}

/** "3 of 4 are safe · 1 failed": every member is counted once. */
export function panicSummary({ members }: Pick<Panic, 'members'>): string {
  const states = members.map(memberState);
  const count = (...wanted: MemberState[]) => states.filter((state) => wanted.includes(state)).length;
  const parts: [number, string][] = [
    [count('under-way'), 'under way'],
    [count('failed'), 'failed'],
    [count('unknown'), 'of unknown outcome'],
    [count('refused'), 'nothing to do or impossible'],
    [count('ready', 'planning'), 'not confirmed'],
    [count('no-run'), 'without a plan'],
    [count('undone'), 'undone'],
    [count('passed-over'), 'passed over'],
  ];
  const rest = parts.filter(([number]) => number > 0).map(([number, text]) => `${number} ${text}`);
  return [`${count('in-effect')} of ${members.length} made safe`, ...rest].join(' · ');
}
