import { expect, test } from 'vitest';
import { readRehearsal } from '#app/domain/rehearsal/read-rehearsal.ts';
import type { Runbook } from '#app/domain/runbook/runbook.ts';
import { chooseCases } from '#scripts/rehearse/choose.ts';
import { standIns } from '#scripts/rehearse/endpoints.ts';
import { junit } from '#scripts/rehearse/junit.ts';
import { failureLines, summaryLines } from '#scripts/rehearse/lines.ts';
import { reportsOf } from '#scripts/rehearse/record.ts';
import type { Played } from '#scripts/rehearse/rehearse.ts';

const text = `apiVersion: firebreak/v1
kind: Rehearsal
runbook: burn
cases:
  - name: all is well
    expect: { run: done }
  - name: the <flag> is "bad"
    expect:
      steps:
        kill: succeeded
`;
const { rehearsal } = readRehearsal(text, 'runbooks/burn.rehearsal.yaml', 'r1');
const runbookOf = (slug: string, ...to: string[]): Runbook =>
  ({ slug, digest: `d-${slug}`, steps: to.map((one) => ({ with: { to: one } })) }) as unknown as Runbook;
const runbook = runbookOf('burn', 'chat');
const played: Played[] = rehearsal!.cases.map((story, index) => ({
  chosen: { runbook, rehearsal: rehearsal!, story, index },
  result: {
    name: story.name,
    findings: index === 0 ? [] : [{ path: 'expect.steps.kill', message: 'kill is failed, not succeeded: a & b\u0007' }],
    steps: ['kill: failed. a & b'],
    wallMs: 1_500,
  },
}));
const none = { notRehearsed: [], broken: [], outside: [] };

test('a failure says where in its file, what is, what was expected, and how the steps stood', () => {
  expect(failureLines(played[0]!)).toEqual([]);
  expect(failureLines(played[1]!)).toEqual([
    'runbooks/burn.rehearsal.yaml:10:15: kill is failed, not succeeded: a & b\u0007',
    '  kill: failed. a & b',
  ]);
  expect(summaryLines(played, { ...none, notRehearsed: ['new'] })).toEqual([
    '✗ burn: 1 of 2 cases',
    '⚠ new: not rehearsed. Write runbooks/new.rehearsal.yaml beside it (docs/rehearsal.md).',
  ]);
});

test('JUnit has a suite a runbook, escapes what people write, and skips what has no rehearsal', () => {
  const xml = junit(played, { ...none, notRehearsed: ['new'], outside: [{ slug: 'far', endpoint: 'crm' }] });
  expect(xml).toContain('<testsuites name="rehearsals" tests="4" failures="2">');
  expect(xml).toContain('<testsuite name="burn" tests="2" failures="1" skipped="0" time="3.000">');
  expect(xml).toContain('<testcase classname="burn" name="the &lt;flag&gt; is &quot;bad&quot;"');
  expect(xml).toContain(
    '<failure message="kill is failed, not succeeded: a &amp; b�">runbooks/burn.rehearsal.yaml:10:15:',
  );
  expect(xml).toContain('<testsuite name="new" tests="1" failures="0" skipped="1"');
  expect(xml).toContain('It calls the endpoint crm at a real address.');
  expect(xml.match(/<testcase /g)).toHaveLength(xml.match(/<\/testcase>|<testcase [^>]*\/>/g)!.length);
});

test('cases are chosen by runbook and name; what must not or cannot be played is told', () => {
  const catalog = {
    runbooks: [runbook, runbookOf('new', 'chat'), runbookOf('text')],
    rehearsals: [rehearsal!],
    problems: [],
  };
  const names = (only: string[], pattern: string | null) =>
    chooseCases(catalog, { only, case: pattern }, []).cases.map(({ story }) => story.name);
  expect(names([], null)).toEqual(['all is well', 'the <flag> is "bad"']);
  expect(names([], 'All*')).toEqual(['all is well']);
  expect(names([], 'all')).toEqual([]);
  expect(names(['new'], null)).toEqual([]);
  expect(chooseCases(catalog, { only: [], case: null }, []).notRehearsed).toEqual(['new']);
  const { cases, outside } = chooseCases(catalog, { only: [], case: null }, ['chat']);
  expect([cases, outside]).toEqual([[], [{ slug: 'burn', endpoint: 'chat' }]]);
});

test('every endpoint leads to the simulator, and one with a real address is named', () => {
  const endpoint = (name: string, use: 'chat' | 'probe' | 'request', url: string, headers = {}) => ({
    ...{ name, title: name, use, url, headers, status: [200], contains: null, repeatable: false },
    method: 'POST' as const,
  });
  const endpoints = [
    endpoint('room', 'chat', '$' + '{env:CHAT}/room'),
    endpoint('provider', 'probe', '$' + '{env:PROVIDER}'),
    endpoint('crm', 'request', '$' + '{env:CRM}/v1', { authorization: 'Bearer $' + '{env:CRM_KEY}' }),
    endpoint('hook', 'request', 'https://hooks.example/$' + '{env:HOOK}'),
  ];
  expect(standIns({ endpoints }, 'http://sim')).toEqual({
    env: {
      FIREBREAK_REF_CHAT: 'http://sim/chat',
      FIREBREAK_REF_PROVIDER: 'http://sim/health/provider',
      FIREBREAK_REF_CRM: 'http://sim/stand-in/crm',
      FIREBREAK_REF_CRM_KEY: 'rehearsal',
      FIREBREAK_REF_HOOK: '',
    },
    outside: ['hook'],
  });
});

test('only what was played whole is recorded', () => {
  expect(reportsOf(played.slice(0, 1))).toEqual([]);
  expect(reportsOf(played)).toEqual([
    {
      runbook: 'burn',
      digest: 'd-burn',
      rehearsal: 'r1',
      cases: [
        { name: 'all is well', held: true, why: null },
        { name: 'the <flag> is "bad"', held: false, why: 'kill is failed, not succeeded: a & b\u0007' },
      ],
    },
  ]);
});
