import { expect, test } from 'vitest';
import { namedIncident, placePagerDuty } from '#app/domain/incident/attach.ts';
import { dedupKey, parseDedupKey } from '#app/domain/incident/dedup-key.ts';
import type { Candidate } from '#app/domain/incident/place.ts';

const incident = (change: Partial<Candidate>): Candidate => ({
  id: 'i1',
  title: '',
  status: 'open',
  level: 'page',
  service: 'voice',
  slo: null,
  tier: null,
  startedAt: null,
  openedAt: 1_000,
  pagedAt: null,
  resolvedAt: null,
  runbook: null,
  children: [],
  slos: [],
  ...change,
});
const triggered = { status: 'triggered', createdAt: 2_000 } as const;
const unknown = { attached: null, named: null, service: null };

test('our dedup key names the incident; keys of others and forged ones do not', () => {
  expect(parseDedupKey(dedupKey('abc', 'ticket'))).toEqual({ incident: 'abc', level: 'ticket' });
  expect(namedIncident({ alertKeys: ['datadog-1', 'firebreak/abc/page'] })).toBe('abc');
  for (const key of [
    'firebreak//page',
    'firebreak/a/b/page',
    'firebreak/a/mail',
    'xfirebreak/a/page',
    'firebreak/a/page ',
  ]) {
    expect(parseDedupKey(key)).toBeNull();
  }
});

test('what it was attached to before goes first, then its name, then its service', () => {
  const open = [incident({})];
  expect(placePagerDuty(triggered, { attached: 'old', named: 'n', service: 'voice' }, open)).toEqual({
    kind: 'join',
    incident: 'old',
  });
  expect(placePagerDuty(triggered, { attached: null, named: 'n', service: 'voice' }, open)).toEqual({
    kind: 'join',
    incident: 'n',
  });
  expect(placePagerDuty(triggered, { ...unknown, service: 'voice' }, open)).toEqual({ kind: 'join', incident: 'i1' });
});

test('no open incident of its service, or no known service: an incident of its own', () => {
  expect(
    placePagerDuty(triggered, { ...unknown, service: 'voice' }, [incident({ status: 'resolved', resolvedAt: 1_500 })]),
  ).toEqual({ kind: 'open' });
  expect(placePagerDuty(triggered, { ...unknown, service: 'api' }, [incident({})])).toEqual({ kind: 'open' });
  expect(placePagerDuty(triggered, unknown, [incident({ service: null })])).toEqual({ kind: 'open' });
});

test('a service that burns inside another incident leads there, but its own incident goes first', () => {
  const parent = incident({ id: 'parent', service: 'db', children: ['voice'], openedAt: 9_000 });
  expect(placePagerDuty(triggered, { ...unknown, service: 'voice' }, [parent])).toEqual({
    kind: 'join',
    incident: 'parent',
  });
  expect(placePagerDuty(triggered, { ...unknown, service: 'voice' }, [parent, incident({})])).toEqual({
    kind: 'join',
    incident: 'i1',
  });
});

test('one that is over joins what stood when it was created, not what came later', () => {
  const resolved = { status: 'resolved', createdAt: 2_000 } as const;
  const known = { ...unknown, service: 'voice' };
  expect(placePagerDuty(resolved, known, [incident({ status: 'resolved', resolvedAt: 2_500 })]).kind).toBe('join');
  expect(placePagerDuty(resolved, known, [incident({ status: 'resolved', resolvedAt: 1_900 })]).kind).toBe('open');
});
