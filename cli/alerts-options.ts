import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createAlertPolicyRead } from '#app/clients/cloud-monitoring/alert-policies-read.server.ts';
import { createObjectiveRead } from '#app/clients/cloud-monitoring/objectives-read.server.ts';
import type { LivePolicy } from '#app/domain/alert-policy/live-policy.ts';
import { type PolicyPlan, planPolicies, planText } from '#app/domain/alert-policy/plan.ts';
import { type WatchedSlo, watchedSlo } from '#app/domain/alert-policy/watched-slo.ts';
import type { Problem } from '#app/domain/runbook/runbook.ts';
import { exportToCloudMonitoring } from '#app/domain/slo-export/export-slos.ts';
import { isLabelValue } from '#app/domain/slo-export/user-labels.ts';
import { type Terminal, UsageError } from './command.ts';
import { consolePages } from './console-pages.ts';
import { readSloFiles } from './input-files.ts';
import { sloFilesIn } from './slo-files.ts';

/** A plan with the hash that it is applied by. */
export interface MadePlan {
  plan: PolicyPlan;
  hash: string;
  projects: string[];
  /** SLOs in Cloud Monitoring that are not there, or not what the files say. */
  slos: WatchedSlo[];
}

/** The options of `alerts plan` and `alerts apply`, in their help. */
export const optionsHelp = `  FILE|DIR…         OpenSLO files, or a whole catalog; only a folder is taken as whole, and only then is anything deleted
  --base-url        address of the console, for the links in alerts; default FIREBREAK_BASE_URL
  --catalog-name    tells the policies of this catalog from those of another in the same project; default "main"
  --page-channel    projects/…/notificationChannels/… that pages go to; may be given several times
  --ticket-channel  the same for tickets; without these options the channels of a policy are left as they are
  --project         a further project to look at for policies that are no longer wanted; may be given several times
  --json            one JSON document instead of text`;

const seconds = { read: 20 };

/** Reads the options that plan and apply share, and `--plan` of apply. */
export function readOptions(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'base-url': { type: 'string' },
      'catalog-name': { type: 'string', default: 'main' },
      'page-channel': { type: 'string', multiple: true, default: [] },
      'ticket-channel': { type: 'string', multiple: true, default: [] },
      project: { type: 'string', multiple: true, default: [] },
      plan: { type: 'string' },
      check: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  if (positionals.length === 0) throw new UsageError('Name at least one file or folder.');
  if (!isLabelValue(values['catalog-name']))
    throw new UsageError('--catalog-name has up to 63 lower-case letters, digits and dashes.');
  for (const channel of [...values['page-channel'], ...values['ticket-channel']])
    if (!/^projects\/[^/]+\/notificationChannels\/[^/]+$/.test(channel))
      throw new UsageError(`"${channel}" is not projects/{project}/notificationChannels/{id}.`);
  return { ...values, places: positionals };
}

/** `host:port` of the simulator's gRPC; null is the real Google. Throws UsageError for anything else. */
export function endpointOf({ env }: Pick<Terminal, 'env'>): string | null {
  const endpoint = env.GOOGLE_ENDPOINT?.trim() || null;
  if (endpoint && !/^[^:/]+:\d+$/.test(endpoint)) throw new UsageError('GOOGLE_ENDPOINT must be host:port.');
  return endpoint;
}

/** The plan from what the files say and what Cloud Monitoring has now; null with the reasons when there can be none. */
export async function makePlan(
  options: ReturnType<typeof readOptions>,
  terminal: Terminal,
): Promise<{ made: MadePlan | null; problems: Problem[] }> {
  const pages = consolePages(options['base-url'], terminal);
  const { files, folder } = await sloFilesIn(options.places, terminal);
  const alerts = await readSloFiles(files, terminal);
  // Of SLOs that Cloud Monitoring does not page for, nothing is wanted there, and nothing needs to be said.
  const paged = alerts.declared.filter(({ value }) => value.paging === 'cloud-monitoring');
  const wanted = exportToCloudMonitoring({ ...alerts, declared: paged }, pages);
  const problems = [...alerts.problems, ...wanted.problems];
  // A file that cannot be read must not look like SLOs that are gone.
  if (problems.some(({ severity }) => severity === 'error')) return { made: null, problems };

  const projects = new Set(options.project);
  for (const { value } of alerts.declared)
    if (value.indicator.kind === 'latency' || value.indicator.kind === 'gauge')
      projects.add(value.indicator.source.project);
    else if (value.indicator.kind === 'ratio' || value.indicator.kind === 'good-ratio')
      projects.add(value.indicator.total.project);
  projects.delete('');
  const live = new Map<string, LivePolicy[]>();
  const google = { endpoint: endpointOf(terminal), timeoutMs: seconds.read * 1000 };
  const read = createAlertPolicyRead(google);
  const objectives = createObjectiveRead(google);
  const slos: WatchedSlo[] = [];
  try {
    for (const project of [...projects].sort()) live.set(project, await read.list(project));
    for (const one of wanted.serviceLevelObjectives) {
      const wrong = watchedSlo(one, await objectives.get(one.name));
      if (wrong) slos.push(wrong);
    }
  } finally {
    await Promise.all([read.close(), objectives.close()]);
  }
  const plan = planPolicies(wanted.alertPolicies, live, {
    catalog: options['catalog-name'],
    whole: folder,
    channels: { page: options['page-channel'], ticket: options['ticket-channel'] },
    fingerprint: (text) => sha256(text).slice(0, 16),
  });
  return { made: { plan, hash: sha256(planText(plan)).slice(0, 12), projects: [...live.keys()], slos }, problems };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
