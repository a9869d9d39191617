import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change, Cohorts } from '#app/domain/change/change.ts';
import type { RevisionFacts } from '#app/domain/change/rollback.ts';
import { type WeighInput, weigh } from '#app/domain/change/suspects.ts';
import type { FlagDeclaration } from '#app/domain/flag/flag.ts';
import { monday, poisson, seeded } from '../slo/make.ts';

const minute = 60_000;
const onset = monday + 164 * minute;

function aChange(over: Partial<Change>): Change {
  return {
    id: `${over.kind ?? 'flag'}-${over.target ?? 'voiceover-v2'}-${over.at ?? 0}`,
    source: 'unleash',
    externalId: '1',
    kind: 'flag',
    at: onset - 3 * minute,
    service: 'voiceover',
    environment: 'production',
    target: 'voiceover-v2',
    title: 'voiceover-v2 rolled out 5 → 25 %',
    actor: 'linus@studio.example',
    commit: null,
    url: null,
    before: null,
    after: null,
    ...over,
  };
}

function aFlag(over: Partial<FlagDeclaration> = {}): FlagDeclaration {
  return {
    name: 'voiceover-v2',
    title: '',
    description: '',
    type: 'release',
    owners: ['voice'],
    service: 'voiceover',
    slos: ['voiceover-availability'],
    safe: { state: 'off' },
    environments: [{ name: 'production', protected: true }],
    expires: null,
    cohort: null,
    ...over,
  };
}

const cohorts = (on: [number, number], off: [number, number]): Cohorts => ({
  with: { bad: on[0], total: on[1] },
  without: { bad: off[0], total: off[1] },
  from: onset,
  to: onset + 10 * minute,
});

function aCase(over: Partial<WeighInput> = {}): WeighInput {
  return {
    incident: { service: 'voiceover', slo: 'voiceover-availability', onset },
    changes: [aChange({})],
    services: [
      { id: 'voiceover', dependsOn: ['speech-provider', 'brand-brain'], kind: 'cloud-run' },
      { id: 'studio-api', dependsOn: ['voiceover'], kind: 'cloud-run' },
      { id: 'speech-provider', dependsOn: [], kind: 'provider' },
      { id: 'brand-brain', dependsOn: [], kind: 'catalog' },
      { id: 'billing', dependsOn: [], kind: 'catalog' },
    ],
    flags: [aFlag()],
    evaluation: { objective: 0.999 },
    cohortsByFlag: { 'voiceover-v2': cohorts([1389, 13_450], [10, 40_350]) },
    revisions: [],
    environment: 'production',
    now: onset + 40 * minute,
    ...over,
  };
}

describe('a flag that burns', () => {
  test('stands in the main place with its reasons, the expected burn and the kill that the SLO verifies', () => {
    const list = weigh(aCase());
    expect(list.explained).toBe(true);
    expect(list.verdict).toBeNull();
    expect(list.main).toMatchObject({
      evidence: 'strong',
      reasons: ['3 min before the first errors', 'same service', 'fails 1,389 of 13,450 with it on, 10 of 40,350 off'],
      reversal: {
        action: 'flag.kill',
        label: 'Turn off voiceover-v2',
        inputs: { flag: 'voiceover-v2', environment: 'production', slo: 'voiceover-availability' },
      },
    });
    expect(list.main?.expectedBurn).toBeCloseTo(0.248, 3);
  });

  test('a change after the onset is never a suspect, one within its minute may be', () => {
    const late = weigh(aCase({ changes: [aChange({ at: onset + minute })] }));
    expect(late).toMatchObject({ suspects: [], main: null, explained: false });
    const within = weigh(aCase({ changes: [aChange({ at: onset + minute - 1 })] }));
    expect(within.main?.reasons[0]).toBe('in the minute of the first errors');
  });

  test('a change in another environment is not weighed', () => {
    expect(weigh(aCase({ changes: [aChange({ environment: 'development' })] })).suspects).toEqual([]);
    const staging = weigh(aCase({ environment: 'staging', changes: [aChange({ environment: null })] }));
    expect(staging.main?.reversal?.inputs.environment).toBe('staging');
  });

  test('of several moves of one flag only the last before the errors carries the reversal', () => {
    const changes = [aChange({ at: onset - 50 * minute, title: '1 → 5 %' }), aChange({})];
    const { suspects } = weigh(aCase({ changes }));
    expect(suspects.map(({ evidence, reversal, target }) => [evidence, reversal !== null, target])).toEqual([
      ['strong', true, 'flag/production/voiceover-v2'],
      ['weak', false, null],
    ]);
    expect(suspects[1]?.reasons).toContain('moved again since');
  });

  test('a fallback flag is safe when on: those without it are the harmed ones', () => {
    const flag = aFlag({ name: 'voiceover-fallback', safe: { state: 'on' } });
    const list = weigh(
      aCase({
        changes: [aChange({ target: flag.name, title: 'voiceover-fallback turned off' })],
        flags: [flag],
        cohortsByFlag: { [flag.name]: cohorts([4, 20_000], [900, 20_000]) },
      }),
    );
    expect(list.main?.reversal?.label).toBe('Turn on voiceover-fallback');
    expect(list.main?.expectedBurn).toBeCloseTo(0.2, 6);
  });

  test('a flag that everybody has, or that is at its safe state, is not offered in the main place', () => {
    const full = weigh(aCase({ cohortsByFlag: { 'voiceover-v2': cohorts([1389, 53_800], [0, 0]) } }));
    expect(full).toMatchObject({ main: null, explained: false });
    expect(full.suspects[0]).toMatchObject({ evidence: 'some', expectedBurn: null });
    expect(full.suspects[0]?.reasons).toContain('everybody has it on: nobody to compare with');
    expect(full.verdict).toMatch(/^Nothing of ours explains this for certain: voiceover-v2 rolled out 5 → 25 %, 3 min/);
    const safe = weigh(aCase({ safeFlags: ['voiceover-v2'] }));
    expect(safe.main).toBeNull();
    expect(safe.suspects[0]?.reasons).toContain('already at its safe state');
    expect(safe.suspects[0]).toMatchObject({ reversal: null, target: 'flag/production/voiceover-v2' });
  });

  test('a small cohort that fails badly does not explain a burn that goes on without it', () => {
    const list = weigh(aCase({ cohortsByFlag: { 'voiceover-v2': cohorts([500, 500], [5900, 49_500]) } }));
    expect(list.main).toBeNull();
    expect(list.suspects[0]?.evidence).toBe('some');
  });
});

describe('where a change was made', () => {
  test.each([
    ['brand-brain', 'voiceover depends on brand-brain', 'some'],
    ['studio-api', 'studio-api calls voiceover', 'weak'],
    ['billing', 'on billing, which it does not depend on', 'weak'],
  ])('%s', (service, reason, evidence) => {
    const changes = [aChange({ kind: 'config', target: 'cache', service })];
    const list = weigh(aCase({ changes }));
    expect(list.suspects[0]).toMatchObject({ evidence, reversal: null });
    expect(list.suspects[0]?.reasons).toContain(reason);
    expect(list.explained).toBe(false);
  });

  test('nothing burns: nothing is weighed against first errors', () => {
    const list = weigh(aCase({ incident: { service: 'voiceover', slo: null, onset: null } }));
    expect(list).toMatchObject({ main: null, explained: false });
    expect(list.suspects[0]?.evidence).toBe('weak');
    expect(list.verdict).toMatch(/no SLO burns/);
  });

  test('no change at all: the verdict points at what others run', () => {
    expect(weigh(aCase({ changes: [] })).verdict).toBe(
      'Nothing of ours explains this: no change is known from the 24 h before the first errors; look at what it depends on: speech-provider.',
    );
  });
});

describe('a revision that burns', () => {
  const facts: RevisionFacts = {
    service: 'voiceover',
    revision: 'voiceover-00043',
    labels: { rollback: 'safe' },
    cohorts: cohorts([402, 4010], [3, 36_100]),
    shift: null,
    previous: { name: 'voiceover-00042', createdAt: monday - 3 * 86_400_000, ready: true, retired: false },
  };
  const deploy = aChange({
    kind: 'revision',
    source: 'cloud-run',
    target: 'voiceover-00043',
    title: 'voiceover-00043 took 10 % of traffic',
    after: { 'voiceover-00043': 10, 'voiceover-00042': 90 },
  });
  const migration = aChange({
    kind: 'migration',
    source: 'api',
    target: '0057-takes',
    title: 'Migration 0057',
    at: onset - 60 * minute,
  });
  const weighed = (over: Partial<RevisionFacts>, more: Change[] = []) =>
    weigh(aCase({ changes: [deploy, ...more], revisions: [{ ...facts, ...over }], flags: [], cohortsByFlag: {} }));

  test('labelled safe, it is offered in the main place', () => {
    const { main } = weighed({});
    expect(main?.reasons).toContain('fails 402 of 4,010 on it, 3 of 36,100 elsewhere in the same minutes');
    expect(main?.reversal).toEqual({
      action: 'cloudrun.traffic',
      label: 'Route back to voiceover-00042',
      inputs: { service: 'voiceover', to: 'voiceover-00042', slo: 'voiceover-availability' },
      rollback: 'safe',
      rollbackReason: 'its label says so',
    });
  });

  test.each([
    ['no label', { labels: {} }, [], 'unknown'],
    ['a recorded migration', {}, [migration], 'unsafe'],
    ['a migration for no named service', {}, [{ ...migration, service: null }], 'unknown'],
    ['a migration whose record calls it safe', {}, [{ ...migration, after: { rollback: 'safe' } }], 'safe'],
    ['a migration of another service', {}, [{ ...migration, service: 'billing' }], 'safe'],
    ['a migration before the previous revision', {}, [{ ...migration, at: monday - 5 * 86_400_000 }], 'safe'],
    ['an unsafe label', { labels: { rollback: 'unsafe' } }, [], 'unsafe'],
  ])('with %s', (_, over, more, rollback) => {
    const list = weighed(over, more as Change[]);
    const suspect = list.suspects.find(({ change }) => change.kind === 'revision');
    expect(suspect).toMatchObject({ evidence: 'strong', reversal: { rollback } });
    expect(list.main === null).toBe(rollback !== 'safe');
    expect(list.explained).toBe(true);
  });

  test('at 100 % there is no revision to compare with: it is named, not offered in the main place', () => {
    const shift = { after: { bad: 402, total: 13_000 }, before: { bad: 9, total: 40_350 } };
    const at = onset - minute;
    const list = weigh(
      aCase({
        changes: [{ ...deploy, at, after: { 'voiceover-00043': 100 } }],
        revisions: [{ ...facts, cohorts: null, shift }],
      }),
    );
    expect(list.main).toBeNull();
    expect(list.suspects[0]?.reasons).toContain(
      'failures began as it took traffic: 402 of 13,000 since, 9 of 40,350 before',
    );
  });

  test('without traffic, or with nowhere to go back to, there is nothing to reverse', () => {
    const idle = weigh(
      aCase({ changes: [{ ...deploy, after: { 'voiceover-00042': 100 } }], revisions: [{ ...facts, cohorts: null }] }),
    );
    expect(idle.suspects[0]).toMatchObject({ evidence: 'weak', reversal: null, target: null });
    expect(weighed({}).main?.target).toBe('traffic/voiceover');
    expect(weighed({ previous: null }).main).toBeNull();
    expect(weighed({ previous: { ...facts.previous!, ready: false } }).main).toBeNull();
  });
});

describe('a provider outage', () => {
  test('puts no innocent change in the main place, in 1,000 random worlds', () => {
    const random = seeded(20_261_122);
    for (let world = 0; world < 1000; world++) {
      const traffic = 20 + random() * 200_000;
      const share = 0.001 + random() * 0.6;
      const flags: FlagDeclaration[] = [];
      const revisions: RevisionFacts[] = [];
      const changes: Change[] = [];
      const cohortsByFlag: Record<string, Cohorts> = {};
      const split = () => {
        const exposed = traffic * random();
        const draw = (total: number): [number, number] => [
          Math.min(Math.round(total), poisson(total * share, random)),
          Math.round(total),
        ];
        return cohorts(draw(exposed), draw(traffic - exposed));
      };
      for (let i = 0; i < 6; i++) {
        const at = Math.round(onset - random() ** 3 * 3_600_000);
        const service = ['voiceover', 'brand-brain', 'studio-api', 'billing'][Math.floor(random() * 4)]!;
        if (random() < 0.6) {
          const safe = random() < 0.5 ? ({ state: 'on' } as const) : ({ state: 'off' } as const);
          flags.push(aFlag({ name: `flag-${i}`, service, safe }));
          cohortsByFlag[`flag-${i}`] = split();
          changes.push(aChange({ target: `flag-${i}`, at, service }));
        } else {
          const after = { bad: poisson(traffic * share, random), total: Math.round(traffic) };
          revisions.push({
            service,
            revision: `r-${i}`,
            labels: { rollback: 'safe' },
            cohorts: random() < 0.5 ? split() : null,
            shift: { after, before: { bad: 0, total: Math.round(traffic) } },
            previous: { name: `r-${i}-old`, createdAt: monday - 86_400_000, ready: true, retired: false },
          });
          changes.push(aChange({ kind: 'revision', target: `r-${i}`, at, service, after: { [`r-${i}`]: 50 } }));
        }
      }
      const list = weigh(aCase({ changes, flags, revisions, cohortsByFlag }));
      expect(list.main, `world ${world}: ${JSON.stringify(list.main)}`).toBeNull();
      expect(list.explained).toBe(false);
      expect(list.verdict).toMatch(/^Nothing of ours explains this/);
    }
  });
});

test('scores order by evidence first, and stay between 0 and 1', () => {
  const rank = { strong: 3, some: 2, weak: 1, none: 0 };
  const counts = fc.tuple(fc.nat(500), fc.integer({ min: 500, max: 50_000 }));
  const one = fc.record({
    ago: fc.integer({ min: 0, max: 20 * 60 }),
    service: fc.constantFrom('voiceover', 'brand-brain', 'studio-api', 'billing'),
    on: counts,
    off: counts,
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 8 }), (all) => {
      const list = weigh(
        aCase({
          changes: all.map(({ ago, service }, i) => aChange({ target: `f${i}`, at: onset - ago * minute, service })),
          flags: all.map(({ service }, i) => aFlag({ name: `f${i}`, service })),
          cohortsByFlag: Object.fromEntries(all.map(({ on, off }, i) => [`f${i}`, cohorts(on, off)])),
        }),
      );
      const ranks = list.suspects.map(({ evidence }) => rank[evidence]);
      expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
      for (const { score } of list.suspects) expect(score >= 0 && score <= 1).toBe(true);
      if (list.main) expect(list.main.evidence).toBe('strong');
    }),
  );
});
