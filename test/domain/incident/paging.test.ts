import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  flapWithin,
  type PageState,
  pageAction,
  repageAfter,
  resendRefusedAfter,
  restAfterFlap,
  restsUntil,
} from '#app/domain/incident/paging.ts';
import { joinWithin } from '#app/domain/incident/place.ts';

const minute = 60_000;
const calm: Omit<PageState, 'burning' | 'last' | 'at'> = {
  ...{ silenced: false, resolvedAt: null, returns: [], quietSince: null, graver: false, graverSince: null },
};
const act = (state: Partial<PageState> & Pick<PageState, 'burning' | 'last' | 'at'>) =>
  pageAction({ ...calm, ...state });

describe('what PagerDuty is told', () => {
  test('one trigger, one resolve, and a trigger again for the next burn', () => {
    const told = [];
    let last: PageState['last'] = null;
    for (const [at, burning] of [true, true, true, false, false, true, false].entries()) {
      const action = act({ burning, last, at });
      if (action === 'trigger' || action === 'resolve') last = { action, at };
      told.push(action);
    }
    expect(told).toEqual(['trigger', null, null, 'resolve', null, 'trigger', 'resolve']);
  });

  test('a person who resolves what still burns is paged anew after half an hour, once', () => {
    const last = { action: 'trigger', at: 0 } as const;
    const resolvedAt = 1_000;
    expect(act({ burning: true, last, resolvedAt, at: resolvedAt + repageAfter - 1 })).toBeNull();
    expect(act({ burning: true, last, resolvedAt, at: resolvedAt + repageAfter })).toBe('trigger');
    const again = { action: 'trigger', at: resolvedAt + repageAfter } as const;
    expect(act({ burning: true, last: again, resolvedAt, at: resolvedAt + 2 * repageAfter })).toBeNull();
  });

  test('somebody who resolved while it was quiet believes that it is over: a burn that comes back pages at once', () => {
    const last = { action: 'trigger', at: 0 } as const;
    expect(act({ burning: true, last, resolvedAt: 5, returns: [3, 9], at: 10 })).toBe('trigger');
    expect(act({ burning: true, last, resolvedAt: 5, returns: [3], at: 10 })).toBeNull();
  });

  test('a page that was refused is sent anew every ten minutes', () => {
    const last = { action: 'trigger', at: 0, refused: true } as const;
    expect(act({ burning: true, last, at: resendRefusedAfter - 1 })).toBeNull();
    expect(act({ burning: true, last, at: resendRefusedAfter })).toBe('trigger');
  });
});

describe('a silence', () => {
  test('sends nothing, lets what was told stand, and lets the page out when it ends', () => {
    expect(act({ burning: true, silenced: true, last: null, at: 1 })).toBeNull();
    expect(act({ burning: true, silenced: true, last: { action: 'trigger', at: 0 }, at: 1 })).toBeNull();
    expect(act({ burning: true, last: null, at: 2 })).toBe('trigger');
    const heldBack = { action: 'trigger', at: 0, heldBack: true } as const;
    expect(act({ burning: true, silenced: true, last: heldBack, at: 1 })).toBeNull();
    expect(act({ burning: true, last: heldBack, at: 2 })).toBe('trigger');
  });

  test('keeps nothing open: a burn that ends under it is resolved where PagerDuty had heard of it', () => {
    expect(act({ burning: false, silenced: true, last: { action: 'trigger', at: 0 }, at: 1 })).toBe('resolve');
    expect(act({ burning: false, silenced: true, last: null, at: 1 })).toBeNull();
  });
});

describe('flapping', () => {
  const last = { action: 'trigger', at: 10 * minute } as const;
  const quiet = { burning: false, last, returns: [10 * minute], quietSince: 15 * minute };

  test('the first end is told at once; once it has come back, only after half an hour of quiet', () => {
    expect(act({ ...quiet, returns: [], at: 15 * minute })).toBe('resolve');
    expect(act({ ...quiet, at: 15 * minute })).toBeNull();
    expect(act({ ...quiet, at: 15 * minute + restAfterFlap - 1 })).toBeNull();
    expect(act({ ...quiet, at: 15 * minute + restAfterFlap })).toBe('resolve');
    expect(restsUntil({ ...calm, ...quiet })).toBe(15 * minute + restAfterFlap);
  });

  test('what comes back meanwhile joins what stands, unless it is graver than the page said', () => {
    const back = { burning: true, last, returns: [10 * minute, 20 * minute], at: 20 * minute };
    expect(act(back)).toBeNull();
    expect(act({ ...back, graver: true })).toBe('again');
    expect(act({ ...back, graver: true, silenced: true })).toBeNull();
    expect(act({ ...back, graver: true, last: { action: 'trigger', at: 21 * minute } })).toBeNull();
  });
});

describe('another outage while a page stands', () => {
  const last = { action: 'trigger', at: 10 * minute } as const;
  const graver = { burning: true, last, graver: true };
  const began = last.at + joinWithin + 1;

  test('wakes somebody anew when it began over ten minutes after the page, and is graver; within them it has one cause', () => {
    expect(act({ ...graver, graverSince: began, at: 200 * minute })).toBe('again');
    expect(act({ ...graver, graverSince: began - 1, at: 200 * minute })).toBeNull();
    expect(act({ ...graver, graver: false, graverSince: began, at: 200 * minute })).toBeNull();
    expect(act({ ...graver, silenced: true, graverSince: began, at: 200 * minute })).toBeNull();
    expect(act({ ...graver, at: 200 * minute })).toBeNull();
  });

  test('whoever resolved the first is not left alone with the second', () => {
    const resolvedAt = began - 1;
    expect(act({ ...graver, resolvedAt, graverSince: began, at: began })).toBe('trigger');
    expect(act({ ...graver, resolvedAt: began + 1, graverSince: began, at: began + 1 })).toBeNull();
  });
});

/** Plays minutes of burn, silence and people against the rule, as the engine does; PagerDuty takes everything at once. */
function play(minutes: readonly { tier: 0 | 1 | 2; silenced: boolean; resolves: boolean }[]) {
  let last: PageState['last'] = null;
  let saidTier = 0;
  let rose = 0;
  let resolvedAt: number | null = null;
  let quietSince: number | null = null;
  const returns: number[] = [];
  const told: { at: number; action: 'trigger' | 'resolve'; wakes: boolean; graver: boolean }[] = [];
  const open = () => last !== null && last.action === 'trigger' && resolvedAt === null;
  const states = minutes.map(({ tier, silenced, resolves }, index) => {
    const at = index * minute;
    const burning = tier > 0;
    if (burning && quietSince !== null) returns.push(at);
    if (burning) quietSince = null;
    else quietSince ??= index === 0 ? null : at;
    if (tier > (minutes[index - 1]?.tier ?? 0)) rose = at;
    const graver = last !== null && tier > saidTier;
    const isAnother = graver && rose - last!.at > joinWithin;
    const action = pageAction({
      ...{ burning, silenced, last, resolvedAt, quietSince, graver, graverSince: graver ? rose : null, at },
      returns: returns.filter((one) => one > at - flapWithin),
    });
    const send = (one: 'trigger' | 'resolve') => {
      told.push({ at, action: one, wakes: one === 'trigger' && !open(), graver });
      if (one === 'trigger' && !open()) resolvedAt = null;
      last = { action: one, at };
      if (one === 'trigger') saidTier = tier;
    };
    if (action === 'resolve' || action === 'again') send('resolve');
    if (action === 'trigger' || action === 'again') send('trigger');
    const standing = open();
    if (resolves && standing) resolvedAt = at;
    return { at, burning, silenced, standing, resolvedAt, returned: returns.at(-1) ?? 0, isAnother };
  });
  return { states, told };
}

const minutesOf = fc.array(
  fc
    .record({
      tier: fc.constantFrom(0 as const, 1 as const, 2 as const),
      silenced: fc.boolean(),
      resolves: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
      length: fc.integer({ min: 1, max: 45 }),
    })
    .map(({ length, ...one }) => Array.from({ length }, (_, i) => ({ ...one, resolves: one.resolves && i === 0 }))),
  { maxLength: 25 },
);

describe('whatever burns, falls silent and is resolved by people', () => {
  test('at no time does an un-silenced burn stand with nothing sent', () => {
    fc.assert(
      fc.property(minutesOf, (stretches) => {
        for (const state of play(stretches.flat()).states) {
          if (!state.burning || state.silenced || state.standing) continue;
          // Only a person who resolved it while it burned is left alone, for half an hour.
          expect(state.resolvedAt).not.toBeNull();
          expect(state.at - state.resolvedAt!).toBeLessThan(repageAfter);
          expect(state.returned).toBeLessThanOrEqual(state.resolvedAt!);
        }
      }),
    );
  });

  test('nothing leaves during a silence but the news that it is over', () => {
    fc.assert(
      fc.property(minutesOf, (stretches) => {
        const { states, told } = play(stretches.flat());
        const silent = new Set(states.filter(({ silenced }) => silenced).map(({ at }) => at));
        expect(told.filter(({ at, action }) => action === 'trigger' && silent.has(at))).toEqual([]);
      }),
    );
  });

  test('without people and silences, a flapping burn of one tier wakes somebody twice, then at most once in half an hour', () => {
    fc.assert(
      fc.property(minutesOf, (stretches) => {
        const flat = stretches
          .flat()
          .map(({ tier }) => ({ tier: tier > 0 ? (1 as const) : (0 as const), silenced: false, resolves: false }));
        const woken = play(flat).told.filter(({ wakes }) => wakes);
        for (let i = 2; i < woken.length; i++) {
          const [before, one] = [woken[i - 1]!, woken[i]!];
          // The second within two hours of a first may follow at once: its end had been told.
          if (woken[i - 2]!.at > one.at - flapWithin) expect(one.at - before.at).toBeGreaterThan(restAfterFlap);
        }
      }),
    );
  });

  test('a graver burn that began over ten minutes after the page wakes somebody at once', () => {
    fc.assert(
      fc.property(minutesOf, (stretches) => {
        const flat = stretches.flat().map((one) => ({ ...one, resolves: false }));
        const { states, told } = play(flat);
        const woken = new Set(told.filter(({ wakes }) => wakes).map(({ at }) => at));
        for (const { at, silenced, isAnother } of states) if (isAnother && !silenced) expect(woken).toContain(at);
      }),
    );
  });

  test('what burns without a quiet wakes nobody twice within ten minutes, however its tiers move', () => {
    fc.assert(
      fc.property(minutesOf, (stretches) => {
        const flat = stretches.flat().map((one) => ({ ...one, tier: one.tier || (1 as const), resolves: false }));
        const woken = play(flat).told.filter(({ wakes }) => wakes);
        for (const [index, one] of woken.slice(1).entries())
          expect(one.at - woken[index]!.at).toBeGreaterThan(joinWithin);
      }),
    );
  });

  test('the first page never waits, and a graver burn that comes back is never kept', () => {
    fc.assert(
      fc.property(minutesOf, (stretches) => {
        const flat = stretches.flat().map((one) => ({ ...one, silenced: false, resolves: false }));
        const { told } = play(flat);
        const first = flat.findIndex(({ tier }) => tier > 0);
        expect(told[0]?.at).toBe(first < 0 ? undefined : first * minute);
        flat.forEach(({ tier }, index) => {
          if (index === 0 || tier !== 2 || flat[index - 1]!.tier > 0) return;
          const latest = told.filter(({ at, wakes }) => wakes && at <= index * minute).at(-1);
          expect(flat[latest!.at / minute]!.tier).toBe(2);
        });
      }),
    );
  });
});
