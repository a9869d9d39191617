import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { policyOf, startAlertPolicies } from '../../support/alert-policies.ts';

let google: Awaited<ReturnType<typeof startAlertPolicies>>;
afterEach(() => google?.stop());

const name = 'projects/acme';
const once = { retry: null, autoPaginate: false };

async function refused(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => null,
    (reason: { code: number; details: string }) => reason,
  );
  return error ? `${status[error.code]} ${error.details}` : 'taken';
}

test('a policy is made, read, listed, changed by a mask, and deleted', async () => {
  google = await startAlertPolicies();
  const { client } = google;
  const [made] = await client.createAlertPolicy({ name, alertPolicy: policyOf() });
  expect(made.name).toMatch(/^projects\/acme\/alertPolicies\/\d+$/);
  expect(made.conditions![0]!.name).toMatch(new RegExp(`^${made.name}/conditions/\\d+$`));
  expect(made.mutationRecord).toEqual(made.creationRecord);

  const alertPolicy = { name: made.name, displayName: 'New name', combiner: 'OR' as const, conditions: [] };
  const [changed] = await client.updateAlertPolicy({ alertPolicy, updateMask: { paths: ['display_name'] } });
  expect(changed).toMatchObject({ displayName: 'New name', combiner: 'AND' });
  expect(changed.conditions).toEqual(made.conditions);
  expect(changed.creationRecord).toEqual(made.creationRecord);
  expect(Number(changed.mutationRecord!.mutateTime!.seconds)).toBeGreaterThan(
    Number(made.mutationRecord!.mutateTime!.seconds),
  );
  expect((await client.getAlertPolicy({ name: made.name }))[0]).toEqual(changed);
  expect((await client.listAlertPolicies({ name }, once))[0]).toEqual([changed]);

  await client.deleteAlertPolicy({ name: made.name });
  expect((await client.listAlertPolicies({ name }, once))[0]).toEqual([]);
  expect(await refused(client.deleteAlertPolicy({ name: made.name }, once))).toMatch(/^NOT_FOUND/);
});

test('one label can be changed without the others', async () => {
  google = await startAlertPolicies();
  const { client } = google;
  const [made] = await client.createAlertPolicy({ name, alertPolicy: policyOf({ userLabels: { a: '1', b: '2' } }) });
  const alertPolicy = { name: made.name, userLabels: { a: '3' } };
  const paths = ['user_labels.a', 'user_labels.b'];
  const [first] = await client.updateAlertPolicy({ alertPolicy, updateMask: { paths: paths.slice(0, 1) } });
  expect(first.userLabels).toEqual({ a: '3', b: '2' });
  const [second] = await client.updateAlertPolicy({ alertPolicy, updateMask: { paths } });
  expect(second.userLabels).toEqual({ a: '3' });
});

test('lists come in pages', async () => {
  google = await startAlertPolicies();
  const { client } = google;
  for (let i = 0; i < 5; i++) await client.createAlertPolicy({ name, alertPolicy: policyOf({ displayName: `${i}` }) });
  const seen: unknown[] = [];
  let pageToken = '';
  do {
    const [page, , answer] = await client.listAlertPolicies({ name, pageSize: 2, pageToken }, once);
    expect(page.length).toBeLessThanOrEqual(2);
    seen.push(...page.map(({ displayName }) => displayName));
    pageToken = answer?.nextPageToken ?? '';
  } while (pageToken);
  expect(seen).toEqual(['0', '1', '2', '3', '4']);
});

describe('refuses what the API refuses', () => {
  const condition = policyOf().conditions[0]!;
  const threshold = (change: object) => ({
    conditions: [{ ...condition, conditionThreshold: { ...condition.conditionThreshold, ...change } }],
  });
  const aggregation = (seconds: number) => ({
    filter: 'metric.type="m" resource.type="r"',
    aggregations: [{ alignmentPeriod: { seconds }, perSeriesAligner: 'ALIGN_SUM' }],
  });
  test.each<[string, object]>([
    ['display_name', { displayName: '' }],
    ['conditions', { conditions: [] }],
    ['combiner', { combiner: 'COMBINE_UNSPECIFIED', conditions: [condition, condition] }],
    ['comparison', threshold({ comparison: 'COMPARISON_GE' })],
    ['duration', threshold({ duration: { seconds: 30 } })],
    [
      'over 60 to 90000 seconds',
      threshold({ filter: condition.conditionThreshold.filter.replace('3600s', '259200s') }),
    ],
    ['alignment period', threshold(aggregation(259_200))],
    ['resource.type', threshold({ filter: 'metric.type="m"' })],
    ['metric.type', threshold({ filter: 'resource.type="r"' })],
    ['user_labels', { userLabels: { A: 'x' } }],
    ['user_labels', { userLabels: { a: 'X' } }],
    ['notification_channels', { notificationChannels: ['me'] }],
    ['links', { documentation: { links: Array.from({ length: 4 }, () => ({ displayName: 'a', url: 'b' })) } }],
    ['content', { documentation: { content: 'a'.repeat(8193), mimeType: 'text/markdown' } }],
  ])('%s', async (expected, change) => {
    google = await startAlertPolicies();
    const answer = await refused(google.client.createAlertPolicy({ name, alertPolicy: policyOf(change) }, once));
    expect(answer).toMatch(/^INVALID_ARGUMENT/);
    expect(answer).toContain(expected);
    expect(google.hands.all()).toEqual([]);
  });

  test('an unknown field in a mask, an unknown policy and an unknown project', async () => {
    google = await startAlertPolicies();
    const { client } = google;
    const [made] = await client.createAlertPolicy({ name, alertPolicy: policyOf() });
    for (const paths of [['displayName'], ['nothing'], ['documentation.a.b']])
      expect(
        await refused(client.updateAlertPolicy({ alertPolicy: { name: made.name }, updateMask: { paths } }, once)),
      ).toMatch(/^INVALID_ARGUMENT.*update_mask/);
    expect(await refused(client.getAlertPolicy({ name: `${name}/alertPolicies/1` }, once))).toMatch(/^NOT_FOUND/);
    expect(await refused(client.createAlertPolicy({ name: 'projects/x', alertPolicy: policyOf() }, once))).toMatch(
      /^NOT_FOUND/,
    );
  });
});

test('a policy outlives the process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-policies-'));
  try {
    google = await startAlertPolicies(join(folder, 'policies.json'));
    const [made] = await google.client.createAlertPolicy({ name, alertPolicy: policyOf() });
    await google.stop();
    google = await startAlertPolicies(join(folder, 'policies.json'));
    expect((await google.client.getAlertPolicy({ name: made.name }))[0]).toEqual(made);
    const [second] = await google.client.createAlertPolicy({ name, alertPolicy: policyOf() });
    expect(second.name).not.toBe(made.name);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
