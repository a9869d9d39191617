import { expect, test } from 'vitest';
import type { Change } from '#app/domain/change/change.ts';
import { returnSafety } from '#app/domain/change/return-safety.ts';

const revision = (n: number, rollback?: string) => ({
  name: `v${n}`,
  createdAt: n * 1000,
  ready: true,
  retired: false,
  image: `i${n}`,
  env: [],
  labels: rollback ? { rollback } : ({} as Record<string, string>),
  annotations: {},
});
const migration = (at: number): Change => ({
  id: 'c1',
  source: 'api',
  externalId: 'c1',
  kind: 'migration',
  at,
  service: 'shop',
  environment: 'production',
  target: '0088',
  title: 'Drop the old column',
  actor: null,
  commit: null,
  url: null,
  before: null,
  after: null,
});
const judge = (all: ReturnType<typeof revision>[], from: number, to: number, changes: Change[] = []) =>
  returnSafety('shop', all, { from: `v${from}`, to: `v${to}` }, changes, 10_000).rollback;

const all = [revision(1), revision(2, 'safe'), revision(3, 'safe'), revision(4)];

test('safe over two steps needs both to say so', () => {
  expect(judge(all, 3, 1)).toBe('safe');
  expect(judge(all, 4, 2)).toBe('unknown');
});

test('a migration makes the steps it lies in unsafe, and no others', () => {
  expect(judge(all, 3, 2, [migration(2500)])).toBe('unsafe');
  expect(judge(all, 3, 1, [migration(2500)])).toBe('unsafe');
  expect(judge(all, 3, 2, [migration(1500)])).toBe('safe');
  expect(judge(all, 3, 2, [migration(5000)])).toBe('unsafe');
});

test('a revision that is gone is unknown', () => {
  expect(judge(all, 9, 1)).toBe('unknown');
});
