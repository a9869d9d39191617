import { expect, test } from 'vitest';
import {
  flagsOnlyInNewer,
  type HopSafety,
  latestSecrets,
  previousRevision,
  type RevisionContent,
  revisionDifferences,
  rollbackPath,
} from '#app/domain/service/rollback.ts';

const revision = (n: number, over: Partial<RevisionContent> = {}) => ({
  name: `v${n}`,
  createdAt: n * 1000,
  ready: true,
  retired: false,
  image: `host/voiceover@sha256:${String(n).repeat(64).slice(0, 64)}`,
  env: [] as RevisionContent['env'],
  labels: {},
  annotations: {},
  ...over,
});
const said: Record<string, HopSafety> = {
  v2: { rollback: 'safe', reason: 'its label says so' },
  v3: { rollback: 'unknown', reason: 'no label and no schema record' },
  v4: { rollback: 'unsafe', reason: 'migration 88 was recorded in between' },
};
const way = (from: number, to: number) =>
  rollbackPath(
    [1, 2, 3, 4].map((n) => revision(n)),
    revision(from),
    revision(to),
    ({ name }) => said[name]!,
  );

test.each([
  [2, 1, 'safe', 'v2: its label says so'],
  [3, 1, 'unknown', 'v3: no label and no schema record'],
  [4, 1, 'unsafe', 'v4: migration 88 was recorded in between'],
  [4, 3, 'unsafe', 'v4: migration 88 was recorded in between'],
  [1, 2, 'unknown', 'v2 is not older than v1'],
])('from v%i to v%i is %s', (from, to, rollback, reason) => {
  expect(way(from, to)).toEqual({ rollback, reason });
});

test('differences name what differs and never show a value', () => {
  const before = revision(1, {
    env: [
      { name: 'WORKERS', fingerprint: '4', secret: null },
      { name: 'TOKEN', fingerprint: null, secret: 'token:2' },
      { name: 'OLD', fingerprint: 'hunter2', secret: null },
    ],
  });
  const after = revision(2, {
    env: [
      { name: 'WORKERS', fingerprint: '8', secret: null },
      { name: 'TOKEN', fingerprint: null, secret: 'token:3' },
      { name: 'NEW', fingerprint: 'hunter3', secret: null },
    ],
  });
  const lines = revisionDifferences(before, after);
  expect(lines).toEqual([
    'image 111111111111 → 222222222222',
    'NEW is set in v2 only',
    'OLD is not set in v2',
    'TOKEN takes secret token:2 → token:3',
    'WORKERS changed',
  ]);
  expect(lines.join()).not.toContain('hunter');
});

test('secrets taken as latest are named: they resolve to today’s value', () => {
  const env = [
    { name: 'A', fingerprint: null, secret: 'speech-key:latest' },
    { name: 'B', fingerprint: null, secret: 'token:2' },
  ];
  expect(latestSecrets(revision(1, { env }))).toEqual(['speech-key']);
});

test('flags that only the newer revision knows', () => {
  const knows = (n: number, flags: string) => revision(n, { annotations: { 'firebreak.dev/flags': flags } });
  expect(flagsOnlyInNewer(knows(2, 'a, b,c'), knows(1, 'a'))).toEqual(['b', 'c']);
  expect(flagsOnlyInNewer(knows(2, 'a'), revision(1))).toBeNull();
});

test('the previous revision is the newest older one that can serve', () => {
  const all = [revision(1), { ...revision(2), ready: false }, revision(3), revision(4)];
  expect(previousRevision(all, 'v3')?.name).toBe('v1');
  expect(previousRevision(all, 'v1')).toBeNull();
});
