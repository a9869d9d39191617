import { expect, test } from 'vitest';
import { blindFrom, evaluatedTo, missedAfter } from '#app/domain/slo/blindness.ts';

const minute = 60_000;

test('an evaluation speaks until three minutes after the next one was due', () => {
  expect(blindFrom({ at: 10 * minute }, 4 * minute)).toBe(17 * minute);
  expect(missedAfter).toBe(3 * minute);
});

test('how far all SLOs are evaluated is the oldest of those that are still declared, and counts the overdue', () => {
  const slos = [
    { id: 'quick', settle: minute },
    { id: 'slow', settle: 10 * minute },
    { id: 'new', settle: minute },
  ];
  const states = [
    { slo: 'quick', at: 100 * minute },
    { slo: 'slow', at: 98 * minute },
    { slo: 'retired', at: 1 },
  ];
  expect(evaluatedTo(slos, states, 103 * minute)).toEqual({ to: 98 * minute, overdue: 0 });
  expect(evaluatedTo(slos, states, 104 * minute)).toEqual({ to: 98 * minute, overdue: 1 });
  expect(evaluatedTo(slos, states, 111 * minute)).toEqual({ to: 98 * minute, overdue: 2 });
  expect(evaluatedTo(slos, [], 1)).toEqual({ to: null, overdue: 0 });
});
