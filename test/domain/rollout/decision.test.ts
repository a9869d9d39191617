import { expect, test } from 'vitest';
import { decisionEvent, rolloutDecisions } from '#app/domain/rollout/decision.ts';
import type { HeldReason } from '#app/domain/rollout/rollout.ts';
import { needsApproval, whyNotApproveStage } from '#app/domain/rollout/stage-approval.ts';
import type { Actor } from '#app/domain/run/run.ts';
import { bakingRollout } from '../../support/pages/rollouts.ts';

const now = Date.UTC(2026, 10, 22, 3, 26);
const offered = (part: Parameters<typeof bakingRollout>[1]) =>
  rolloutDecisions.filter((wish) => decisionEvent(wish, bakingRollout(now, part)) !== null);
const firstStepHeld = (reason: HeldReason) =>
  offered({ state: 'held', stage: 0, effectAt: null, held: { reason, text: 'x', since: now } });

test('a first step of unknown outcome can be taken back, and is not called off as if nothing had been done', () => {
  expect(firstStepHeld('step')).toEqual(['resume', 'abort']);
});

test('before any step there is nothing to take back', () => {
  expect(firstStepHeld('incident')).toEqual(['resume', 'cancel']);
});

test('while its plan waits for approvals a first step may begin at any moment: it is taken back, not called off', () => {
  expect(firstStepHeld('approval')).toEqual(['resume', 'abort']);
});

test('a step that nobody confirmed, because people would lose by it, is called off', () => {
  expect(firstStepHeld('takes-away')).toEqual(['resume', 'cancel']);
});

const person = (email: string, role: Actor['role'] = 'product'): Actor => ({
  email,
  name: email,
  role,
  teams: ['voice'],
});

test('a stage is approved by those whom it names, and never by who drew it up or answers for its steps', () => {
  const { plan, ...rest } = bakingRollout(now, { openedBy: person('a@x'), actsFor: person('b@x') });
  const stages = plan.stages.map((stage) => ({ ...stage, approve: ['voice'] }));
  const asked = { ...rest, plan: { ...plan, stages } };
  for (const own of ['a@x', 'B@x'])
    expect(whyNotApproveStage(asked, person(own, 'admin'))).toMatch(/^Whoever drew it up/);
  expect(whyNotApproveStage(asked, person('c@x'))).toBeNull();
  expect(whyNotApproveStage(asked, { ...person('c@x'), teams: [] })).toBe('This stage is approved by voice.');
  const given = (email?: string) =>
    needsApproval({ ...asked, approvals: { 1: { by: 'C', at: now, ...(email ? { email } : {}) } } });
  expect([needsApproval(asked), given('c@x'), given(), given('b@x')]).toEqual([true, false, false, true]);
});
