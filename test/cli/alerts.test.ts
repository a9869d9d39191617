import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '#cli/run.ts';
import { policyOf, startAlertPolicies } from '../simulator/support/alert-policies.ts';

let google: Awaited<ReturnType<typeof startAlertPolicies>>;
let dir = '';
beforeEach(async () => {
  google = await startAlertPolicies();
  dir = await mkdtemp(join(tmpdir(), 'firebreak-alerts-'));
  await mkdir(join(dir, 'alerts'));
  await google.slos.createService({ parent: 'projects/acme', serviceId: 'shop', service: { custom: {} } });
  await createSlo('shop-answers', 0.999);
  await declare();
});
afterEach(async () => {
  await google.stop();
  await rm(dir, { recursive: true });
});

const slo = (paging: string, target: string) => `apiVersion: openslo/v1
kind: SLO
metadata:
  name: shop-answers
  displayName: Shop answers
  annotations: { firebreak.dev/paging: ${paging}, firebreak.dev/runbook: shop-burn, firebreak.dev/min-bad-events: "10" }
spec:
  service: shop
  indicator:
    spec:
      ratioMetric:
        bad: { metricSource: { type: GoogleCloudMonitoring, spec: { project: acme, filter: 'metric.type="m" resource.type="r" metric.label.class="5xx"' } } }
        total: { metricSource: { type: GoogleCloudMonitoring, spec: { project: acme, filter: 'metric.type="m" resource.type="r"' } } }
  timeWindow: [{ duration: ${target === '0.99' ? '28d' : '30d'}, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: ${target} }]
`;

const declare = (paging = 'cloud-monitoring', target = '0.999') =>
  writeFile(join(dir, 'alerts', 'shop.yaml'), slo(paging, target));

async function createSlo(id: string, goal: number) {
  const goodTotalRatio = {
    badServiceFilter: 'metric.type="m" resource.type="r" metric.label.class="5xx"',
    totalServiceFilter: 'metric.type="m" resource.type="r"',
  };
  await google.slos.createServiceLevelObjective({
    parent: 'projects/acme/services/shop',
    serviceLevelObjectiveId: id,
    serviceLevelObjective: {
      goal,
      rollingPeriod: { seconds: 2_592_000 },
      serviceLevelIndicator: { requestBased: { goodTotalRatio } },
    },
  });
}

async function alerts(command: 'plan' | 'apply', ...more: string[]) {
  const screen = { out: [] as string[], err: [] as string[] };
  const env = { GOOGLE_ENDPOINT: google.endpoint, FIREBREAK_BASE_URL: 'https://fb.example', FIREBREAK_MODE: 'act' };
  const terminal = { env, out: (line: string) => screen.out.push(line), err: (line: string) => screen.err.push(line) };
  const code = await run(
    ['alerts', command, ...(more.some((word) => word.startsWith('/')) ? [] : [dir]), ...more],
    terminal,
  );
  return { code, out: screen.out.join('\n'), err: screen.err.join('\n') };
}

async function plan(...more: string[]) {
  const { code, out } = await alerts('plan', '--json', ...more);
  expect(code).toBe(0);
  return JSON.parse(out) as {
    plan: string;
    kept: number;
    leftAlone: number;
    silent: string[];
    changes: {
      kind: string;
      title: string;
      mask?: string[];
      drift?: unknown;
      differences?: { path: string; to: unknown }[];
      reason?: string;
    }[];
  };
}

async function apply(...more: string[]) {
  const { plan: hash } = await plan(...more);
  return alerts('apply', '--plan', hash, ...more);
}

const tierOf = (policy: { userLabels: Record<string, string> }) => policy.userLabels['firebreak-tier'];

test('a plan says what would change and changes nothing; applied, the next plan is empty', async () => {
  const before = await alerts('plan');
  expect(before).toMatchObject({ code: 0 });
  expect(before.out).toContain('+ create Shop answers: fast page');
  expect(before.out).toContain('acme: 3 to create, 0 to update, 0 to delete, 0 as they should be, 0 left alone.');
  expect(before.err).toContain('at most 25 h');
  expect(google.hands.all()).toEqual([]);
  expect((await alerts('plan', '--check')).code).toBe(1);

  const applied = await apply();
  expect(applied).toMatchObject({ code: 0 });
  expect(applied.out).toContain('3 of 3 changes made.');
  const made = google.hands.all();
  expect(made.map(tierOf)).toEqual(['page-fast', 'page-slow', 'ticket-fast']);
  expect(made[0]!.documentation!.links[0]).toEqual({
    displayName: 'SLO and its incidents',
    url: 'https://fb.example/slos/shop-answers',
  });

  const after = await plan();
  expect(after).toMatchObject({ changes: [], kept: 3 });
  expect((await alerts('plan', '--check')).code).toBe(0);
  expect((await alerts('apply', '--plan', after.plan)).out).toBe('Nothing to do.');
  expect(google.hands.all()).toEqual(made);
});

test('what is changed by hand is drift, with who did it, and is put back; what is not ours in it stays', async () => {
  await apply();
  const [first] = google.hands.all();
  google.hands.edit(first!.name, 'ada@example.com', (policy) => {
    policy.conditions[0]!.conditionThreshold!.thresholdValue = 99;
    policy.userLabels.team = 'sales';
    policy.notificationChannels = ['projects/acme/notificationChannels/7'];
  });
  const { out } = await alerts('plan');
  expect(out).toMatch(/drift: changed in Cloud Monitoring by ada@example\.com at 2026-11-22T08:/);
  expect(out).toContain('conditions[0].conditionThreshold.thresholdValue: 99 → 14.3999999856');
  expect((await plan()).changes).toMatchObject([{ kind: 'update', mask: ['conditions', 'user_labels'] }]);
  expect((await apply()).code).toBe(0);
  const now = google.hands.all()[0]!;
  expect(now.conditions[0]!.conditionThreshold!.thresholdValue).toBeCloseTo(14.4);
  expect(now.userLabels.team).toBe('sales');
  expect(now.notificationChannels).toEqual(['projects/acme/notificationChannels/7']);
  expect((await plan()).changes).toEqual([]);
});

test('what moves in the files is an update without drift', async () => {
  await apply();
  await declare('cloud-monitoring', '0.99');
  const { changes } = await plan();
  expect(changes).toHaveLength(3);
  for (const change of changes) expect(change).toMatchObject({ kind: 'update', drift: null });
  expect(changes[0]!.differences).toContainEqual({
    path: 'conditions[0].conditionThreshold.thresholdValue',
    from: 14.3999999856,
    to: 13.4399999866,
  });
  await apply();
  expect((await plan()).changes).toEqual([]);
});

describe('nothing is deleted that we did not make', () => {
  test('policies of others, of another catalog, and ours while the files are not whole', async () => {
    await google.client.createAlertPolicy({ name: 'projects/acme', alertPolicy: policyOf() });
    const labels = {
      'made-by': 'firebreak',
      'firebreak-catalog': 'other',
      'firebreak-slo': 'x',
      'firebreak-tier': 'page-fast',
    };
    await google.client.createAlertPolicy({ name: 'projects/acme', alertPolicy: policyOf({ userLabels: labels }) });
    await apply();
    await declare('shadow');
    const one = await plan(join(dir, 'alerts', 'shop.yaml'));
    expect(one).toMatchObject({ changes: [], leftAlone: 5 });
    const whole = await plan();
    expect(whole.changes.map(({ kind }) => kind)).toEqual(['delete', 'delete', 'delete']);
    expect(whole).toMatchObject({ leftAlone: 2 });
    expect((await apply()).code).toBe(0);
    expect(google.hands.all()).toHaveLength(2);
  });

  test('a file with an error makes no plan: its SLOs are not gone', async () => {
    await apply();
    await writeFile(
      join(dir, 'alerts', 'shop.yaml'),
      slo('cloud-monitoring', '0.999').replace('kind: SLO', 'kind: SLOO'),
    );
    const broken = await alerts('plan');
    expect(broken).toMatchObject({ code: 1, out: '' });
    expect(broken.err).toContain('Unknown kind "SLOO"');
    expect((await alerts('apply', '--plan', 'x')).code).toBe(1);
    expect(google.hands.all()).toHaveLength(3);
  });

  test('a double of ours goes, the first stays', async () => {
    await apply();
    const { name: _, ...copy } = google.hands.all()[0]!;
    await google.client.createAlertPolicy({ name: 'projects/acme', alertPolicy: copy as object });
    expect((await plan()).changes).toMatchObject([
      { kind: 'delete', reason: 'another policy of ours watches the same tier' },
    ]);
    await apply();
    expect(google.hands.all()).toHaveLength(3);
  });
});

describe('apply is bound to the plan', () => {
  test('a policy that moved since makes it another plan, and nothing is sent', async () => {
    await apply();
    await declare('cloud-monitoring', '0.99');
    const { plan: hash } = await plan();
    google.hands.edit(google.hands.all()[0]!.name, 'ada@example.com', (policy) => {
      policy.userLabels.team = 'x';
    });
    const before = google.hands.all();
    const { code, err } = await alerts('apply', '--plan', hash);
    expect(code).toBe(1);
    expect(err).toContain(`Files or policies have moved since plan ${hash}. Nothing was sent.`);
    expect(google.hands.all()).toEqual(before);
  });

  test('a policy that moves while the plan is being applied is not touched, and ends it', async () => {
    await apply();
    await declare('cloud-monitoring', '0.99');
    const { plan: hash } = await plan();
    const last = google.hands.all()[2]!.name;
    const screen = { out: [] as string[], err: [] as string[] };
    const code = await run(['alerts', 'apply', dir, '--plan', hash], {
      env: { GOOGLE_ENDPOINT: google.endpoint, FIREBREAK_BASE_URL: 'https://fb.example', FIREBREAK_MODE: 'act' },
      out(line) {
        if (screen.out.push(line) === 1)
          google.hands.edit(last, 'ada@example.com', (policy) => {
            policy.displayName = 'Hers';
          });
      },
      err: (line) => screen.err.push(line),
    });
    expect(code).toBe(1);
    expect(screen.err.join('\n')).toContain('was changed while the plan was being applied');
    expect(screen.err.join('\n')).toContain('2 of 3 changes made');
    expect(google.hands.all()[2]!.displayName).toBe('Hers');
    expect((await plan()).changes).toMatchObject([{ kind: 'update', drift: { by: 'ada@example.com' } }]);
  });

  test('without an answer nothing is sent, and the plan stays what it was', async () => {
    const { plan: hash } = await plan();
    google.faults.set('monitoring', '500');
    const { code, err } = await alerts('apply', '--plan', hash);
    expect(code).toBe(1);
    expect(err).toContain('Cloud Monitoring answered UNAVAILABLE');
    google.faults.set('monitoring', 'none');
    expect((await plan()).plan).toBe(hash);
  });

  test('without a plan it is misuse, and without FIREBREAK_MODE=act nothing is sent', async () => {
    expect((await alerts('apply')).code).toBe(2);
    const { plan: hash } = await plan();
    const err: string[] = [];
    const terminal = {
      env: { GOOGLE_ENDPOINT: google.endpoint },
      out: () => {},
      err: (line: string) => void err.push(line),
    };
    expect(await run(['alerts', 'apply', dir, '--plan', hash], terminal)).toBe(1);
    expect(err.join()).toContain('FIREBREAK_MODE is observe');
    expect(google.hands.all()).toEqual([]);
  });
});

describe('the SLOs that policies watch', () => {
  test('a plan says which are not there, and nothing is sent for a policy that could never fire', async () => {
    await writeFile(
      join(dir, 'alerts', 'shop.yaml'),
      slo('cloud-monitoring', '0.999').replace('shop-answers', 'shop-pays'),
    );
    const { out } = await alerts('plan');
    expect(out).toContain('serviceLevelObjectives/shop-pays is not in Cloud Monitoring');
    const { code, err } = await apply();
    expect(code).toBe(1);
    expect(err).toContain('Nothing was sent: policies would watch SLOs that are not in Cloud Monitoring');
    expect(google.hands.all()).toEqual([]);
    await createSlo('shop-pays', 0.999);
    expect((await apply()).code).toBe(0);
  });

  test('a plan says which promise something else than the files', async () => {
    expect((await alerts('plan')).out).not.toContain('not what the file says');
    await declare('cloud-monitoring', '0.995');
    const { out } = await alerts('plan');
    expect(out).toContain('shop-answers in Cloud Monitoring is not what the file says:\n    goal: 0.999 → 0.995');
  });
});

test('channels are set where they are given, and a policy without any is named', async () => {
  expect((await plan()).silent).toHaveLength(3);
  const channel = 'projects/acme/notificationChannels/1';
  await apply('--page-channel', channel);
  expect(google.hands.all().map(({ notificationChannels }) => notificationChannels)).toEqual([
    [channel],
    [channel],
    [],
  ]);
  expect((await plan('--page-channel', channel)).silent).toEqual(['Shop answers: fast ticket']);
  expect((await plan()).changes).toEqual([]);
});

test('a project that is not there is said', async () => {
  const { code, err } = await alerts('plan', '--project', 'elsewhere');
  expect(code).toBe(1);
  expect(err).toContain('Cloud Monitoring answered NOT_FOUND: Project elsewhere');
});

test.each([
  [['alerts', 'plan'], 'Name at least one'],
  [['alerts', 'plan', '.', '--page-channel', 'me'], 'notificationChannels'],
  [['alerts', 'plan', '.', '--catalog-name', 'My Catalog'], '--catalog-name'],
])('%j is misuse', async (args, expected) => {
  const err: string[] = [];
  expect(await run(args, { env: {}, out: () => {}, err: (line) => void err.push(line) })).toBe(2);
  expect(err.join()).toContain(expected);
});

test('alerts --help explains both', async () => {
  const out: string[] = [];
  expect(await run(['alerts', '--help'], { env: {}, out: (line) => void out.push(line), err: () => {} })).toBe(0);
  expect(out.join('\n')).toContain('firebreak alerts apply . --base-url');
});
