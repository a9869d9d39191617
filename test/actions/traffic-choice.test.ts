import { expect, test } from 'vitest';
import { chooseRevision } from '#app/actions/traffic-choice.ts';
import type { CloudRunRevision } from '#app/clients/cloud-run/port.ts';

const revision = (name: string, createdAt: number, part: Partial<CloudRunRevision> = {}): CloudRunRevision => ({
  name,
  createdAt,
  ready: true,
  retired: false,
  image: '',
  env: [],
  labels: {},
  annotations: {},
  ...part,
});
const revisions = [revision('r1', 1), revision('r2', 2), revision('r3', 3), revision('r4', 4), revision('r5', 5)];
const seen = {
  revisions,
  main: 'r4',
  carriedAll: { r1: 10, r2: 50, r4: 90 },
  shares: { r4: 100 } as Record<string, number>,
};
const choose = (to: string, part: Partial<typeof seen> = {}) => chooseRevision(to, { ...seen, ...part });

test('previous-healthy is the last one seen to carry all the traffic; without such a sight the newest older one, said to be unknown', () => {
  expect(choose('previous-healthy')).toMatchObject({ revision: 'r2', kind: 'stop' });
  const guess = choose('previous-healthy', { carriedAll: {} as typeof seen.carriedAll });
  expect(guess).toMatchObject({
    revision: 'r3',
    kind: 'stop',
    preconditions: [{ state: 'pass' }, { state: 'unknown' }],
  });
  expect(choose('previous-healthy', { revisions: revisions.slice(3, 4) })).toMatchObject({ ok: false });
});

test('going where traffic has been is a stop; LATEST and a newer revision that never carried it are forward', () => {
  expect(choose('r1')).toMatchObject({ kind: 'stop' });
  expect(choose('r5')).toMatchObject({ kind: 'forward' });
  expect(choose('LATEST')).toMatchObject({ revision: null, kind: 'forward' });
  expect(choose('r5', { main: 'r5', shares: { r4: 25, r5: 75 } })).toMatchObject({ kind: 'forward' });
  expect(choose('r4', { main: 'r5', shares: { r4: 25, r5: 75 } })).toMatchObject({ kind: 'stop' });
});

test('a retired or unknown revision is refused, one that is not ready asks for a reason', () => {
  expect(choose('r9')).toEqual({ ok: false, refused: 'Cloud Run has no revision r9.' });
  expect(choose('r0', { revisions: [...revisions, revision('r0', 0, { retired: true })] })).toMatchObject({
    ok: false,
  });
  const sick = choose('r0', { revisions: [...revisions, revision('r0', 0, { ready: false })] });
  expect(sick).toMatchObject({ ok: true, preconditions: [{ state: 'fail' }, { state: 'unknown' }] });
});
