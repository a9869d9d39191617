import { expect, test } from 'vitest';
import { askedFields } from '#app/domain/flag/evaluation/asked-fields.ts';
import { readFeatures } from '#app/domain/flag/evaluation/features.ts';

function fieldsOf(document: object): string[] {
  const { served, problems } = readFeatures(JSON.stringify(document), 'f.json', 'flag');
  expect(problems).toEqual([]);
  return askedFields(served!, 'flag');
}

const sticky = (stickiness: string) => ({ name: 'flexibleRollout', parameters: { rollout: '50', stickiness } });
const feature = (name: string, strategies: object[], more: object = {}) => ({
  name,
  enabled: true,
  strategies,
  ...more,
});
const is = (contextName: string, operator = 'IN') => ({ contextName, operator, values: ['x'], value: '1' });

test('a rollout asks for what it sticks to', () => {
  const of = (stickiness: string) => fieldsOf({ features: [feature('flag', [sticky(stickiness)])] });
  expect(of('default')).toEqual(['userId', 'sessionId']);
  expect(of('tenant')).toEqual(['tenant']);
  expect(of('random')).toEqual([]);
});

test('constraints, segments, parents and variants ask too, each field once, people first', () => {
  const variants = [{ name: 'blue', weight: 1000, stickiness: 'tenant' }];
  const strategies = [
    { ...sticky('userId'), constraints: [is('country'), is('any', 'DATE_AFTER')], segments: [7], variants },
  ];
  const features = [
    feature('flag', strategies, { dependencies: [{ feature: 'parent' }] }),
    feature('parent', [
      { name: 'userWithId', parameters: { userIds: 'ada' } },
      { name: 'remoteAddress', parameters: {} },
    ]),
    feature('other', [sticky('nobody asks')]),
  ];
  const segments = [
    { id: 7, constraints: [is('plan')] },
    { id: 8, constraints: [is('unused')] },
  ];
  expect(fieldsOf({ features, segments })).toEqual([
    'userId',
    'country',
    'currentTime',
    'plan',
    'remoteAddress',
    'tenant',
  ]);
});
