import { expect, test } from 'vitest';
import type { ApprovalRequest } from '#app/domain/run/approval.ts';
import type { Gate } from '#app/domain/run/gate.ts';
import { gateOffers } from '#app/domain/run/gate-offers.ts';
import { actorOf } from '../../support/pages/people.ts';
import { killPlan } from '../../support/pages/runs.ts';

const rule = { people: 1, from: [], requester: 'excluded' as const, of: 'flag voiceover-v2' };
const gate: Gate = { state: 'approval', rules: [{ ...rule, given: 0 }], needed: 1, given: 0, freeze: null, why: null };
const asker = actorOf('responder');
const request: ApprovalRequest = {
  ...{ id: 'req-1', runId: 'run-1', stepId: 'kill-flag', planHash: 'a1', reason: 'It is mended.', requester: asker },
  ...{ askedAt: 0, expiresAt: 1_000, rules: [rule], approvals: [] },
  ...{ outcome: null, endedAt: null, endedBy: null, endedReason: null },
};
const step = { state: 'awaiting-approval' as const, plan: killPlan(0) };

test.each(['observe', 'shadow'] as const)('a console in mode %s offers nothing that it would refuse', (mode) => {
  const other = { ...asker, email: 'grace@studio.example' };
  const own = gateOffers({ gate, request }, step, asker, mode);
  const theirs = gateOffers({ gate, request }, step, other, mode);
  const offered = [own.withdraw, own.breakGlass, theirs.approve, theirs.reject, theirs.breakGlass];
  expect(offered.map((one) => one?.why)).toEqual(offered.map(() => expect.stringContaining('only observes')));
});

test('whoever asked may take it back where Firebreak acts', () => {
  expect(gateOffers({ gate, request }, step, asker, 'act').withdraw).toEqual({ why: null });
});
