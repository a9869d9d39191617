import { type ApprovalRule, ruleWords } from '../approval/rule.ts';
import { may } from '../audit/permission.ts';
import { covers, type Freeze, stretchAt } from '../freeze/freeze.ts';
import type { ActionKind, Actor } from './run.ts';

/** A rule with whose it is: "flag voiceover-v2", "service voiceover", "runbook latency", "step restore". */
export interface GateRule extends ApprovalRule {
  of: string;
}

/** What the gate looks at. Everybody in it is as they stand now: whoever lost their role or account is left out. */
export interface GateInput {
  kind: ActionKind;
  /** What the change touches; `protected` false where permission and audit are enough. */
  subject: GateSubject;
  rules: readonly GateRule[];
  freezes: readonly Freeze[];
  /** Who asks for the change; null before anybody does. */
  requester: Actor | null;
  /** Who said yes to exactly this plan. */
  approvers: readonly Actor[];
  now: number;
}

/** What a change touches, for the rules about it. */
export interface GateSubject {
  environment: string;
  protected: boolean;
  flag: string | null;
  service: string | null;
}

/** What stands between a plan and its effect. */
export interface Gate {
  /** `open`: nothing does. `approval`: people are missing. `frozen`: refused until the freeze ends, approved or not. */
  state: 'open' | 'approval' | 'frozen';
  /** Every rule with how many count for it; all of them have to be met. */
  rules: (GateRule & { given: number })[];
  /** Most people that one rule asks for, and how many different ones count so far. */
  needed: number;
  given: number;
  /** The freeze in force that ends last; null when none is. */
  freeze: { id: string; reason: string; until: number; timeZone: string; weekly: boolean } | null;
  /** What is missing, one sentence; null when the gate is open. */
  why: string | null;
}

/**
 * What a change needs before it may go: the one rule for pages, stores, the engine and rollouts. Stops, undos, reads and what
 * people do are never gated, and nothing is where the environment is not protected.
 */
export function gateOf(input: GateInput): Gate {
  const { kind, subject, requester, now } = input;
  if (kind !== 'forward' || !subject.protected) return openGate;
  const approvers = distinct(input.approvers);
  const rules = input.rules.map((rule) => ({
    ...rule,
    given: approvers.filter((person) => counts(rule, person, requester)).length,
  }));
  const given = approvers.filter((person) => rules.some((rule) => counts(rule, person, requester))).length;
  const needed = Math.max(0, ...rules.map(({ people }) => people));
  const freeze = freezeOn(input.freezes, subject, now);
  const missing = rules.filter((rule) => rule.given < rule.people);
  const state = freeze ? 'frozen' : missing.length > 0 ? 'approval' : 'open';
  const why = freeze ? `Changes are frozen: ${freeze.reason}` : missing.length > 0 ? missingWords(missing) : null;
  return { state, rules, needed, given, freeze, why };
}

/** A gate through which anything goes. */
const openGate: Gate = { state: 'open', rules: [], needed: 0, given: 0, freeze: null, why: null };

/**
 * True when a person's yes counts for a rule. Viewers only read. Somebody whom a rule names (by mail or team) counts whatever
 * else their role is; product people never count for what they ask for themselves, and a program in somebody's name never counts.
 */
export function counts(rule: ApprovalRule, person: Actor, requester: Pick<Actor, 'email'> | null): boolean {
  if (person.role === 'viewer' || person.role === 'engine' || person.key !== undefined) return false;
  if (sameMail(person, requester) && (rule.requester === 'excluded' || person.role === 'product')) return false;
  if (rule.from.length === 0) return may(person.role, 'run.approve');
  return rule.from.some((one) => one.toLowerCase() === person.email.toLowerCase() || person.teams.includes(one));
}

/** Null when this person's yes to what waits would count; else why it would not. */
export function whyNotApprove(
  rules: readonly ApprovalRule[],
  person: Actor,
  requester: Pick<Actor, 'email'>,
  approved: readonly Pick<Actor, 'email'>[],
): string | null {
  if (approved.some((one) => sameMail(one, person))) return 'You have approved this.';
  if (rules.some((rule) => counts(rule, person, requester))) return null;
  if (person.role === 'viewer') return 'Viewers read; a responder approves.';
  if (sameMail(person, requester)) return 'You asked for this: somebody else approves it.';
  const named = [...new Set(rules.flatMap(({ from }) => from))];
  return named.length > 0 ? `People of ${named.join(', ')} approve this.` : 'A responder or an admin approves this.';
}

/** The freeze in force on a subject that ends last; null when none bites. */
export function freezeOn(
  freezes: readonly Freeze[],
  subject: Pick<GateSubject, 'service' | 'environment'>,
  now: number,
): Gate['freeze'] {
  let last: Gate['freeze'] = null;
  for (const freeze of freezes) {
    const stretch = covers(freeze, subject) ? stretchAt(freeze, now) : null;
    if (!stretch || (last && last.until >= stretch.until)) continue;
    const { id, reason, timeZone, span } = freeze;
    last = { id, reason, until: stretch.until, timeZone, weekly: span.kind === 'weekly' };
  }
  return last;
}

function distinct(people: readonly Actor[]): Actor[] {
  return [...new Map(people.map((person) => [person.email.toLowerCase(), person])).values()];
}

function sameMail(a: Pick<Actor, 'email'>, b: Pick<Actor, 'email'> | null): boolean {
  return a.email.toLowerCase() === b?.email.toLowerCase();
}

function missingWords(missing: readonly (GateRule & { given: number })[]): string {
  const parts = missing.map(
    (rule) => `${ruleWords(rule)} (${rule.of}${rule.given > 0 ? `, ${rule.given} so far` : ''})`,
  );
  const one = missing.length === 1 && missing[0]!.people === 1;
  return `${parts.join(' and ')} ${one ? 'has' : 'have'} to approve this first.`;
}
