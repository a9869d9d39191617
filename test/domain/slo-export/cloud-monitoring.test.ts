import { describe, expect, test } from 'vitest';
import type { DeclaredSlo } from '#app/domain/slo/declared.ts';
import { alertPolicies } from '#app/domain/slo-export/alert-policies.ts';
import { cloudMonitoringSlo } from '#app/domain/slo-export/cloud-monitoring-slo.ts';
import { counted, inputOf, pages, said, scraped } from './make.ts';

const sloName = 'projects/acme/services/shop/serviceLevelObjectives/shop-answers';
const latency: DeclaredSlo['indicator'] = {
  kind: 'latency',
  source: { project: 'acme', filter: 'metric.type="m"', min: null, max: 500 },
};

describe('an SLO', () => {
  test('is a Service and a ServiceLevelObjective', () => {
    const { resources, losses } = cloudMonitoringSlo(inputOf(counted));
    expect(losses).toEqual([]);
    expect(resources).toMatchObject({
      project: 'acme',
      service: { name: 'projects/acme/services/shop', custom: {} },
      slo: {
        name: sloName,
        goal: 0.999,
        rollingPeriod: '2592000s',
        serviceLevelIndicator: {
          requestBased: { goodTotalRatio: { totalServiceFilter: 'metric.type="m" resource.type="r"' } },
        },
        userLabels: { 'made-by': 'firebreak', 'firebreak-min-bad-events': '10' },
      },
    });
  });

  test('of Cloud Run says so', () => {
    const service = {
      id: 'shop',
      title: 'Shop',
      description: '',
      owner: 'sales',
      kind: 'cloud-run' as const,
      cloudRun: { project: 'acme', region: 'eu', service: 'shop-run' },
      pagerDutyService: null,
      dependsOn: [],
      runbook: null,
    };
    expect(cloudMonitoringSlo({ ...inputOf(counted), service }).resources!.service).toMatchObject({
      displayName: 'Shop',
      cloudRun: { serviceName: 'shop-run', location: 'eu' },
      userLabels: { 'firebreak-owner': 'sales' },
    });
  });

  test.each<[string, Partial<DeclaredSlo>, string]>([
    ['over 30 days', { period: { kind: 'rolling', days: 31 } }, 'error window'],
    ['of a quarter', { period: { kind: 'calendar', unit: 'quarter', timeZone: 'UTC', start: 0 } }, 'error window'],
    ['over 99.99 %', { objective: 0.99995 }, 'error objective'],
    ['of 0 %', { objective: 0 }, 'error objective'],
    ['of slices by their share', { budgeting: { method: 'RatioTimeslices', minutes: 5 } }, 'error budgeting'],
    ['of Prometheus', { indicator: scraped.indicator }, 'error indicator'],
    [
      'without a project',
      { indicator: { kind: 'latency', source: { project: '', filter: 'f', min: 1, max: 2 } } },
      'error indicator',
    ],
    ['with a name too long', { id: 'a'.repeat(64) }, 'error name'],
  ])('%s is not held, which is said', (_, change, expected) => {
    const { resources, losses } = cloudMonitoringSlo(inputOf({ ...counted, ...change }));
    expect(resources).toBeNull();
    expect(said(losses)).toEqual([expected]);
  });

  test('of two projects is not held', () => {
    const indicator = { ...counted.indicator, total: { project: 'other', filter: 'f' } } as DeclaredSlo['indicator'];
    expect(said(cloudMonitoringSlo(inputOf({ ...counted, indicator })).losses)).toEqual(['error indicator']);
  });

  test('of a calendar month goes, but not its time zone', () => {
    const period = { kind: 'calendar' as const, unit: 'month' as const, timeZone: 'Europe/Berlin', start: 0 };
    const { resources, losses } = cloudMonitoringSlo(inputOf({ ...counted, period }));
    expect(resources!.slo).toMatchObject({ calendarPeriod: 'MONTH' });
    expect(said(losses)).toEqual(['warning window']);
  });
});

describe('its alert policies', () => {
  test('are one a tier, both windows over the factor, with enough bad events; the tier of 3 days is left out', () => {
    const { policies, losses } = alertPolicies(inputOf(counted), sloName, pages);
    expect(policies.map(({ userLabels, severity }) => [userLabels['firebreak-tier'], severity])).toEqual([
      ['page-fast', 'CRITICAL'],
      ['page-slow', 'CRITICAL'],
      ['ticket-fast', 'WARNING'],
    ]);
    expect(said(losses)).toEqual(['warning burn-profile']);
    const [fast] = policies;
    expect(fast).toMatchObject({ combiner: 'AND', enabled: true });
    const conditions = fast!.conditions.map(({ conditionThreshold }) => conditionThreshold);
    expect(conditions.map(({ filter }) => filter)).toEqual([
      `select_slo_burn_rate("${sloName}", "3600s")`,
      `select_slo_burn_rate("${sloName}", "300s")`,
      'metric.type="m" resource.type="r" metric.label.class="5xx"',
    ]);
    expect(conditions[2]).toMatchObject({ aggregations: [{ alignmentPeriod: '3600s' }], thresholdValue: 9.5 });
    for (const { thresholdValue } of conditions.slice(0, 2)) {
      // "Greater than" must hold at exactly the factor, and not noticeably below it.
      expect(thresholdValue).toBeLessThan(14.4);
      expect(thresholdValue).toBeGreaterThan(14.4 * (1 - 1e-8));
    }
  });

  test('link to the page of the SLO and to its runbook', () => {
    const [policy] = alertPolicies(inputOf(counted), sloName, pages).policies;
    expect(policy!.documentation.links).toEqual([
      { displayName: 'SLO and its incidents', url: 'https://fb.example/slos/shop-answers' },
      { displayName: 'Runbook', url: 'https://fb.example/runbooks/shop-burn' },
    ]);
    expect(policy!.documentation.content).toContain('https://fb.example/slos/shop-answers');
    const [bare] = alertPolicies(inputOf(counted), sloName, null).policies;
    expect(bare!.documentation.links).toBeUndefined();
  });

  test.each(['shadow', 'firebreak'] as const)('are disabled while the pager is %s: each SLO has one', (paging) => {
    const { policies, losses } = alertPolicies(inputOf({ ...counted, paging }), sloName, pages);
    expect(policies.map(({ enabled }) => enabled)).toEqual([false, false, false]);
    expect(said(losses)).toContain('warning paging');
  });

  test.each<[string, Partial<DeclaredSlo>, number, boolean]>([
    [
      'counts of good events',
      {
        indicator: {
          kind: 'good-ratio',
          total: { project: 'acme', filter: 'f' },
          good: { project: 'acme', filter: 'f' },
        },
      },
      2,
      true,
    ],
    ['a distribution', { indicator: latency }, 2, true],
    ['a minimum of one, which every burn has', { minBadEvents: 1 }, 2, false],
    ['slices', { budgeting: { method: 'Timeslices', minutes: 5, target: 0.9 } }, 2, true],
  ])('of %s have no condition on bad events', (_, change, conditions, isSaid) => {
    const { policies, losses } = alertPolicies(inputOf({ ...counted, ...change }), sloName, pages);
    expect(policies[0]!.conditions).toHaveLength(conditions);
    expect(said(losses).includes('warning min-bad-events')).toBe(isSaid);
  });

  test('leave out a tier that could never fire', () => {
    const { policies, losses } = alertPolicies(inputOf({ ...counted, objective: 0.9 }), sloName, pages);
    expect(policies.map(({ userLabels }) => userLabels['firebreak-tier'])).toEqual(['page-slow', 'ticket-fast']);
    expect(losses[0]!.message).toContain('can never reach');
  });

  test('hold no variable of Cloud Monitoring that a title brings along', () => {
    const [policy] = alertPolicies(
      inputOf({ ...counted, title: 'a $' + '{x}', description: 'b $' + '{y}' }),
      sloName,
      pages,
    ).policies;
    expect(JSON.stringify(policy!.documentation)).not.toContain('${');
  });
});
