import { describe, expect, test } from 'vitest';
import { doneStep, latestEffect, mainPlace, plannedStep } from '#app/domain/incident/main-place.ts';
import { burningWorld, now, strongSuspects } from '../../support/pages/world.ts';
import { actingWorld, verifiedWorld } from '../../support/pages/worlds.ts';

const open = { status: 'open' } as const;
const list = strongSuspects();

describe('the main place', () => {
  test('holds the reversal at strong evidence, with the plan that is already on the table', () => {
    expect(mainPlace(open, list, burningWorld().runs)).toMatchObject({
      kind: 'reversal',
      suspect: { change: { id: 'c-flag' } },
      planned: { step: { id: 'kill-flag' } },
    });
  });

  test('never an innocent change: without a main suspect it holds help', () => {
    expect(mainPlace(open, { ...list, main: null }, [])).toEqual({ kind: 'help' });
    expect(mainPlace(open, null, [])).toEqual({ kind: 'help' });
  });

  test('not at some evidence, whatever the list says', () => {
    const main = { ...list.main!, evidence: 'some' as const };
    expect(mainPlace(open, { ...list, main }, [])).toEqual({ kind: 'help' });
  });

  test('a change under way comes before everything', () => {
    expect(mainPlace(open, list, actingWorld().runs)).toMatchObject({
      kind: 'acting',
      at: { step: { id: 'kill-flag' } },
    });
  });

  test('a resolved incident needs none', () => {
    expect(mainPlace({ status: 'resolved' }, list, verifiedWorld().runs)).toEqual({ kind: 'resolved' });
  });
});

test('the latest effect is that of a change, not of a read', () => {
  expect(latestEffect(burningWorld().runs)).toBeNull();
  expect(latestEffect(actingWorld().runs)).toBe(now - 120_000);
});

test('a restore is not the reversal of its flag: neither its plan, nor its having been done', () => {
  const [done] = verifiedWorld().runs.flatMap((run) => (doneStep([run], 'flag/production/voiceover-v2') ? [run] : []));
  const step = doneStep([done!], 'flag/production/voiceover-v2')!.step;
  const restoring = (state: 'planned' | 'succeeded') => ({
    ...done!,
    id: 'restoring',
    steps: [
      { ...step, uses: 'flag.restore', kind: 'forward' as const, state, confirmedAt: (step.confirmedAt ?? 0) + 1 },
    ],
  });
  expect(plannedStep([restoring('planned'), done!], 'flag/production/voiceover-v2')).toBeNull();
  expect(doneStep([restoring('planned'), done!], 'flag/production/voiceover-v2')?.step).toBe(step);
  expect(doneStep([restoring('succeeded'), done!], 'flag/production/voiceover-v2')).toBeNull();
});

test('a reversal that was turned back is no longer done: its way out is offered again', () => {
  const target = 'flag/production/voiceover-v2';
  const { runs } = verifiedWorld();
  const done = doneStep(runs, target)!;
  expect(doneStep(runs, target, [{ run: done.run.id, step: 'another' }])).toEqual(done);
  expect(doneStep(runs, target, [{ run: done.run.id, step: done.step.id }])).toBeNull();
});
