import { expect, test } from 'vitest';
import { decisionEvent, rolloutDecisions } from '#app/domain/rollout/decision.ts';
import type { HeldReason } from '#app/domain/rollout/rollout.ts';
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
