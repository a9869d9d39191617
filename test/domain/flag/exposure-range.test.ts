import { expect, test } from 'vitest';
import { effectiveExposure, exposureShare } from '#app/domain/flag/exposure.ts';
import type { ParentState } from '#app/domain/flag/exposure-range.ts';
import type { FlagStrategy } from '#app/domain/flag/flag.ts';
import { flagState, rollout } from './strategies.ts';

const sticky = (percent: number, stickiness: string, groupId = 'f', over: Partial<FlagStrategy> = {}) =>
  rollout(percent, { parameters: { rollout: String(percent), stickiness, groupId }, ...over });
const where = (percent: number, contextName: string, operator: string, value: string, over: object = {}) =>
  rollout(percent, { constraints: [{ contextName, operator, values: [value], value, ...over }] });
const list = (userIds: string) => rollout(0, { name: 'userWithId', parameters: { userIds } });
const users = (from: number) => Array.from({ length: 5000 }, (_, index) => `u${from + index}`).join(',');
const many = Array.from({ length: 20 }, (_, index) => where(5 + index, `field${index}`, 'STR_CONTAINS', 'x'));

test.each([
  ['one scale: the larger holds the smaller', [rollout(25), rollout(5)], '25 %'],
  ['two scales are independent', [rollout(50), sticky(50, 'userId', 'g')], '75 %'],
  ['random draws are independent of everything', [sticky(50, 'random'), sticky(50, 'random')], '75 %'],
  ['default is the user, else the session', [rollout(50), sticky(50, 'sessionId')], '50–75 %'],
  [
    'where users are asked for, default is the user',
    [rollout(50), sticky(50, 'sessionId'), sticky(10, 'userId')],
    '75 %',
  ],
  [
    'old and new strategies share a scale',
    [
      sticky(10, 'userId'),
      rollout(0, { name: 'gradualRolloutUserId', parameters: { percentage: '30', groupId: 'f' } }),
    ],
    '30 %',
  ],
  ['a constraint depends on who asks', [rollout(5), where(25, 'country', 'IN', 'DK')], '5–25 %'],
  [
    'nobody is in Denmark and out of it',
    [where(25, 'country', 'IN', 'DK'), where(50, 'country', 'NOT_IN', 'DK')],
    '25–50 %',
  ],
  [
    'an inverted constraint is the other half',
    [where(25, 'plan', 'STR_STARTS_WITH', 'p'), where(50, 'plan', 'STR_STARTS_WITH', 'p', { inverted: true })],
    '25–50 %',
  ],
  [
    'nobody is in Denmark and in Sweden',
    [
      where(50, 'country', 'IN', 'DK'),
      rollout(50, {
        parameters: { rollout: '50', stickiness: 'default', groupId: 'g' },
        constraints: [{ contextName: 'country', operator: 'IN', values: ['SE'] }],
      }),
    ],
    '0–50 %',
  ],
  [
    'no number is over 8 and under 4',
    [
      rollout(100, {
        constraints: [
          { contextName: 'level', operator: 'NUM_GT', value: '8' },
          { contextName: 'level', operator: 'NUM_LT', value: '4' },
        ],
      }),
    ],
    '0 %',
  ],
  ['a time may be over', [where(30, 'currentTime', 'DATE_AFTER', '2026-01-01T00:00:00Z')], '0–30 %'],
  ['an empty list lets in nobody', [list(''), rollout(5)], '5 %'],
  [
    'two long lists that share a user',
    [
      list(users(0)),
      { ...list(users(4999)), constraints: [{ contextName: 'country', operator: 'IN', values: ['DK'] }] },
    ],
    '0–100 %',
  ],
  ['a list is who asks', [list('ada, grace'), rollout(5)], '5–100 %'],
  [
    'a segment is who asks, the same one twice',
    [rollout(25, { segments: [3] }), sticky(50, 'userId', 'g', { segments: [3] })],
    '0–62.5 %',
  ],
  [
    'a constraint that holds for everyone',
    [rollout(100, { constraints: [{ contextName: 'country', operator: 'NOT_IN', values: [] }] })],
    '100 %',
  ],
  ['an operator that SDKs do not know', [where(100, 'country', 'SOUNDS_LIKE', 'DK')], '0 %'],
  ['code of our own', [rollout(0, { name: 'ourOwn', parameters: {} })], '0–100 %'],
  ['too many conditions to look at each', [rollout(3), ...many], '3–24 %'],
])('%s', (_, strategies, share) => {
  expect(exposureShare(effectiveExposure(flagState(true, strategies)))).toBe(share);
});

const parent = (needs: ParentState['needs'], enabled: boolean, strategies: FlagStrategy[] = []): ParentState => ({
  flag: 'checkout',
  needs,
  state: flagState(enabled, strategies),
});

test.each([
  ['on for everyone', [parent('on', true)], '25 %', 'on · 25 % of users, if checkout is on for them'],
  ['off', [parent('on', false)], '0 %', 'on · 25 % of users, but its parent checkout is off: nobody'],
  ['off, as needed', [parent('off', false)], '25 %', 'on · 25 % of users, if checkout is off for them'],
  [
    'on another scale',
    [parent('on', true, [sticky(50, 'userId', 'p')])],
    '12.5 %',
    'on · 25 % of users, if checkout is on for them',
  ],
  ['on the same scale', [parent('on', true, [rollout(50)])], '25 %', 'on · 25 % of users, if checkout is on for them'],
  [
    'off for half on the same scale',
    [parent('off', true, [rollout(50)])],
    '0 %',
    'on · 25 % of users, if checkout is off for them',
  ],
  [
    'with a variant',
    [parent('a variant', true)],
    '0–25 %',
    'on · 25 % of users, if they get the right variant of checkout',
  ],
  [
    'missing',
    [{ ...parent('on', true), state: null }],
    '0 %',
    'on · 25 % of users, but its parent checkout cannot be on: nobody',
  ],
])('with a parent that is %s', (_, parents, share, text) => {
  const exposure = effectiveExposure(flagState(true, [rollout(25)]), {}, parents);
  expect([exposureShare(exposure), exposure.text]).toEqual([share, text]);
});
