import { expect, test } from 'vitest';
import { ownPath, paths } from '#app/paths.ts';

const odd = 'a/b?c#d é';
const encoded = 'a%2Fb%3Fc%23d%20%C3%A9';

test('every address of the console', () => {
  const all = Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, (path as (...parts: string[]) => string)(odd, odd)]),
  );
  expect(all).toEqual({
    overview: '/',
    signIn: `/sign-in?next=${encoded}`,
    signInAgain: `/sign-in?again=1&next=${encoded}`,
    signOut: '/sign-out',
    password: '/password',
    incidents: '/incidents',
    incident: `/incidents/${encoded}`,
    incidentStory: `/incidents/${encoded}/what-happened`,
    pagerDutyIncident: `/pagerduty/incidents/${encoded}`,
    services: '/services',
    service: `/services/${encoded}`,
    slos: '/slos',
    slo: `/slos/${encoded}`,
    sloWhatIf: `/slos/${encoded}/what-if`,
    statement: '/statement',
    statementCsv: '/statement/csv',
    statementJson: '/statement/json',
    shadow: '/shadow',
    shadowCsv: '/shadow/csv',
    flags: '/flags',
    flag: `/flags/${encoded}`,
    panics: '/panic',
    panic: `/panic/${encoded}`,
    rollouts: '/rollouts',
    newRollout: '/rollouts/new',
    rollout: `/rollouts/${encoded}`,
    changeRequests: '/change-requests',
    runbooks: '/runbooks',
    runbook: `/runbooks/${encoded}`,
    runs: '/runs',
    run: `/runs/${encoded}`,
    runFile: `/runs/${encoded}/file`,
    runStory: `/runs/${encoded}/what-happened`,
    runByHand: `/runs/${encoded}?by=hand`,
    runStep: `/runs/${encoded}#step-${encoded}`,
    followUps: '/follow-ups',
    followUp: `/follow-ups#${encoded}`,
    approvals: '/approvals',
    freezes: '/freezes',
    silences: '/silences',
    silence: `/silences/${encoded}`,
    deliveries: '/deliveries',
    audit: '/audit',
    auditEntry: `/audit?before=${encoded}1#entry-${encoded}`,
    search: `/search?q=${encoded}`,
    theme: '/theme',
    events: '/events',
    presence: '/presence',
    apiChanges: '/api/v1/changes',
    apiRehearsals: '/api/v1/rehearsals',
    apiRuns: '/api/v1/runs',
    pagerDutyWebhook: '/webhooks/pagerduty',
  });
});

test('the sign-in names no way back to the overview, and the search no empty query', () => {
  expect([paths.signIn(), paths.signIn('/'), paths.search(), paths.search('')]).toEqual([
    '/sign-in',
    '/sign-in',
    '/search',
    '/search',
  ]);
});

test.each([
  ['/', '/'],
  ['/incidents/inc_1', '/incidents/inc_1'],
  ['/runs/run_1#step-kill-flag', '/runs/run_1#step-kill-flag'],
  ['/search?q=a%20b&all=1', '/search?q=a%20b&all=1'],
  ['/runbooks/sign-in-fails', '/runbooks/sign-in-fails'],
  ['/sign-inside', '/sign-inside'],
])('%s is a path of ours', (given, path) => {
  expect(ownPath(given)).toBe(path);
});

test.each([
  null,
  undefined,
  '',
  'incidents',
  'https://evil.example/',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\\evil.example',
  ' //evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  '/%2e//evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '/\u0000/evil',
  '//',
  '//[',
  '/sign-in',
  '/sign-in?next=%2F',
  '/sign-in.data',
  '/sign-out',
])('%j leads nowhere else than to the overview', (given) => {
  const path = ownPath(given);
  // A browser that follows it stays here.
  expect(new URL(path, 'http://console.invalid').origin).toBe('http://console.invalid');
  expect(path.startsWith('//')).toBe(false);
  if (given !== '/\u0000/evil') expect(path).toBe('/');
});
