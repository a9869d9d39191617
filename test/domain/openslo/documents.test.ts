import { describe, expect, test } from 'vitest';
import { changed, good, problemsOf, read } from './documents.ts';

describe('services', () => {
  test('say where they run, who owns them and what they call', () => {
    const text = changed(
      '    firebreak.dev/owner: sales\n',
      [
        '    firebreak.dev/owner: sales',
        '    firebreak.dev/cloud-run: projects/acme/locations/europe-west1/services/shop-web',
        '    firebreak.dev/pagerduty-service: PSHOP',
        '    firebreak.dev/depends-on: stock , mail',
        '    firebreak.dev/runbook: shop-burn',
        '    other.example/anything: is left alone',
        '',
      ].join('\n'),
    );
    expect(read(text).problems).toEqual([]);
    expect(read(text).services[0]!.value).toEqual({
      id: 'shop',
      title: 'shop',
      description: 'Sells.',
      owner: 'sales',
      kind: 'cloud-run',
      cloudRun: { project: 'acme', region: 'europe-west1', service: 'shop-web' },
      pagerDutyService: 'PSHOP',
      dependsOn: ['stock', 'mail'],
      runbook: 'shop-burn',
    });
  });

  test.each([
    ['owner: sales', 'ownr: sales', '6:5 Unknown annotation "firebreak.dev/ownr". | Did you mean "owner"?'],
    ['  annotations:\n    firebreak.dev/owner: sales\n', '', '3:1 Service "shop" has no owner.'],
    ['owner: sales', 'owner: sales\n    firebreak.dev/kind: thing', '7:25 "thing" is not a kind of service.'],
    [
      'owner: sales',
      'owner: sales\n    firebreak.dev/cloud-run: shop',
      '7:30 "shop" is not the name of a Cloud Run service.',
    ],
    [
      'owner: sales',
      'owner: sales\n    firebreak.dev/kind: cloud-run',
      '7:25 Kind "cloud-run" and the cloud-run annotation do not go together.',
    ],
    ['owner: sales', 'owner: sales\n    firebreak.dev/depends-on: shop', '7:31 Service "shop" depends on itself.'],
  ])('%j → %j', (from, to, expected) => {
    expect(problemsOf(changed(from, to)).join('\n')).toContain(expected);
    expect(read(changed(from, to)).services).toEqual([]);
  });
});

test('the same name twice is said at the second, which is left out', () => {
  const twice = `${good}---\n${good.slice(0, good.indexOf('---')).replace('Sells', 'Sells twice')}`;
  expect(problemsOf(twice)).toEqual(['55:9 Service "shop" is declared twice. | The other stands at alerts/a.yaml:4.']);
  expect(read(twice).services.map(({ value }) => value.description)).toEqual(['Sells.']);
});

test('documents of other kinds are named, not swallowed', () => {
  expect(problemsOf('apiVersion: openslo/v2\nkind: SLO\n')[0]).toContain('1:13 Unknown apiVersion "openslo/v2".');
  expect(problemsOf('hello: world\n')[0]).toContain('1:1 "apiVersion" is missing.');
  expect(problemsOf('just text\n')[0]).toContain('1:1 "apiVersion" is missing.');
  expect(problemsOf('- a\n- b\n')[0]).toContain('1:1 "apiVersion" is missing.');
});

test('an alert policy is read as a reference', () => {
  const policy =
    'apiVersion: openslo/v1\nkind: AlertPolicy\nmetadata: { name: fast }\nspec: { alertWhenBreaching: true, conditions: [] }\n';
  expect(problemsOf(policy)).toEqual([]);
});

describe('burn profiles', () => {
  const profile = (tiers: string, period = '30d') =>
    `apiVersion: firebreak/v1\nkind: BurnProfile\nmetadata: { name: calm }\nspec:\n  period: ${period}\n  tiers:\n${tiers}`;
  const fast = '    - { tier: page-fast, long: 1h, short: 5m, share: 0.02 }\n';

  test('are ordered from most to least urgent', () => {
    const text = profile(`    - { tier: ticket-slow, long: 3d, short: 6h, share: 0.1 }\n${fast}`);
    const { profiles, problems } = read(text);
    expect(problems).toEqual([]);
    expect(profiles[0]!.value).toMatchObject({ name: 'calm', periodMinutes: 43_200 });
    expect(profiles[0]!.value.tiers.map(({ tier }) => tier)).toEqual(['page-fast', 'ticket-slow']);
  });

  test.each([
    [profile(fast + fast), '8:15 Tier "page-fast" stands here twice.'],
    [
      profile(fast.replace('page-fast', 'page-fats')),
      '7:15 "tier" is "page-fats"; allowed: page-fast, page-slow, ticket-fast, ticket-slow. | Did you mean "page-fast"?',
    ],
    [profile(fast.replace('5m', '1h')), '7:43 The short window (1h) must be shorter than the long one (1h).'],
    [
      profile(fast.replace('0.02', '2')),
      '7:54 "share" is a part of the budget, over 0 and at most 1. | For 2 % write 0.02.',
    ],
    [profile(fast, '1M'), '5:11 "1M" is not a fixed length of time.'],
    [profile('    []\n'), '7:5 A profile without tiers never alerts.'],
    [profile(fast.replace('1h', '3d'), '1d'), '7:32 The long window (3d) is longer than the period (1d).'],
  ])('%j', (text, expected) => {
    expect(problemsOf(text).join('\n')).toContain(expected);
    expect(read(text).profiles).toEqual([]);
  });
});

test('a catalog has one organisation', () => {
  const one = 'apiVersion: firebreak/v1\nkind: Organisation\nmetadata: { name: acme, displayName: Acme }\n';
  expect(read(one).organisation).toBe('Acme');
  const two = `${one}---\n${one.replace('name: acme', 'name: other')}`;
  expect(read(two).organisation).toBe('Acme');
  expect(problemsOf(two)).toEqual(['5:1 A catalog has one Organisation; another file declares one too. | ']);
});

test('an organisation may say in which zone its months are counted', () => {
  const organisation = (zone: string) =>
    `apiVersion: firebreak/v1\nkind: Organisation\nmetadata: { name: acme }\nspec: { timeZone: ${zone} }\n`;
  expect(read(organisation('Europe/Berlin')).timeZone).toBe('Europe/Berlin');
  expect(problemsOf(organisation('Berlin'))).toEqual([
    '4:19 "Berlin" is not an IANA time zone. | Such as Europe/Berlin, or UTC.',
  ]);
});
