/** Every URL of the console is made here; a table test pins them. */
const enc = encodeURIComponent;

export const paths = {
  overview: () => '/',
  signIn: (next?: string) => (next && next !== '/' ? `/sign-in?next=${enc(next)}` : '/sign-in'),
  /** Asks for the password once more before acting, then comes back. */
  signInAgain: (next: string) => `/sign-in?again=1&next=${enc(next)}`,
  signOut: () => '/sign-out',
  /** One's own password. */
  password: () => '/password',
  incidents: () => '/incidents',
  incident: (id: string) => `/incidents/${enc(id)}`,
  /** Its story as Markdown. */
  incidentStory: (id: string) => `/incidents/${enc(id)}/what-happened`,
  pagerDutyIncident: (id: string) => `/pagerduty/incidents/${enc(id)}`,
  services: () => '/services',
  service: (id: string) => `/services/${enc(id)}`,
  slos: () => '/slos',
  slo: (id: string) => `/slos/${enc(id)}`,
  sloWhatIf: (id: string) => `/slos/${enc(id)}/what-if`,
  /** The month's statement of all SLOs, or of those that the query narrows to (`month`, `team`, `service`, `slo`). */
  statement: () => '/statement',
  statementCsv: () => '/statement/csv',
  statementJson: () => '/statement/json',
  /** What Firebreak would have paged beside what people were paged for (`days`, `team`, `service`, `slo`). */
  shadow: () => '/shadow',
  shadowCsv: () => '/shadow/csv',
  flags: () => '/flags',
  flag: (name: string) => `/flags/${enc(name)}`,
  /** Prepared sets that make several things safe at once, and one that was pressed. */
  panics: () => '/panic',
  panic: (id: string) => `/panic/${enc(id)}`,
  rollouts: () => '/rollouts',
  /** The form that draws one up, about what its query names: `flag` and `environment`, or `service` and `revision`. */
  newRollout: () => '/rollouts/new',
  rollout: (id: string) => `/rollouts/${enc(id)}`,
  /** What people ask the owners of flags for. */
  changeRequests: () => '/change-requests',
  runbooks: () => '/runbooks',
  runbook: (slug: string) => `/runbooks/${enc(slug)}`,
  runs: () => '/runs',
  run: (id: string) => `/runs/${enc(id)}`,
  /** The runbook's file as the run was opened with it. */
  runFile: (id: string) => `/runs/${enc(id)}/file`,
  /** Its story as Markdown. */
  runStory: (id: string) => `/runs/${enc(id)}/what-happened`,
  runByHand: (id: string) => `/runs/${enc(id)}?by=hand`,
  runStep: (id: string, step: string) => `/runs/${enc(id)}#step-${enc(step)}`,
  followUps: () => '/follow-ups',
  followUp: (id: string) => `/follow-ups#${enc(id)}`,
  silences: () => '/silences',
  silence: (id: string) => `/silences/${enc(id)}`,
  /** Every page and ticket with its state. */
  deliveries: () => '/deliveries',
  /** What waits for somebody's yes, and what one asked for. */
  approvals: () => '/approvals',
  /** Times in which changes forward are refused. */
  freezes: () => '/freezes',
  audit: () => '/audit',
  /** One line of the audit, on the page that begins with it. */
  auditEntry: (seq: number) => `/audit?before=${enc(seq + 1)}#entry-${enc(seq)}`,
  search: (query?: string) => (query ? `/search?q=${enc(query)}` : '/search'),
  theme: () => '/theme',
  events: () => '/events',
  presence: () => '/presence',
  apiChanges: () => '/api/v1/changes',
  apiRehearsals: () => '/api/v1/rehearsals',
  apiRuns: () => '/api/v1/runs',
  pagerDutyWebhook: () => '/webhooks/pagerduty',
} as const;

/**
 * `given` when it is a path of this console, else the overview: whoever has just typed a password must not be sent
 * elsewhere. Browsers drop tabs and read backslashes as slashes, so it is judged as a browser resolves it.
 */
export function ownPath(given: string | null | undefined): string {
  const here = 'http://console.invalid';
  if (!given?.startsWith('/') || !URL.canParse(given, here)) return paths.overview();
  const url = new URL(given, here);
  const path = `${url.pathname}${url.search}${url.hash}`;
  const leadsAway = url.origin !== here || path.startsWith('//');
  const leadsRound = /^\/sign-(in|out)(?![\w-])/.test(url.pathname);
  return leadsAway || leadsRound ? paths.overview() : path;
}
