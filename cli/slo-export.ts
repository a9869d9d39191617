import { parseArgs } from 'node:util';
import { exportToCloudMonitoring, exportToPrometheus } from '#app/domain/slo-export/export-slos.ts';
import { ruleFile } from '#app/domain/slo-export/prometheus-rules.ts';
import { type Command, UsageError } from './command.ts';
import { consolePages } from './console-pages.ts';
import { readSloFiles } from './input-files.ts';
import { problemLine } from './problem-line.ts';
import { sloFilesIn } from './slo-files.ts';

const help = `firebreak slo export FILE|DIR… --to cloud-monitoring|prometheus [--base-url URL]

Prints the SLOs of OpenSLO files for another system on stdout. What that system cannot hold is said on stderr with file, line
and column, and left out; nothing is changed silently.

  FILE|DIR…   OpenSLO files, a catalog, or a folder of files
  --to        cloud-monitoring: one JSON document {services, serviceLevelObjectives, alertPolicies}, each as the REST API
              takes it. prometheus: a rule file
  --base-url  address of the console, for the links in alerts; default FIREBREAK_BASE_URL

Cloud Monitoring cannot hold: windows over 30 days, objectives over 99.99 %, quarters and years, RatioTimeslices, tiers that look
back over more than 25 hours, and a minimum of bad events where the indicator counts good ones. Policies are enabled only where
firebreak.dev/paging is cloud-monitoring, so that each SLO has one pager.

Prometheus: events, bad events and burn rate are recorded for each window, bad over total summed over the whole window; one
alert "SLOBurn" a tier, with the labels slo, service, tier and severity (page or ticket), fires while both windows reach the
factor and there are enough bad events. Without traffic nothing fires. Let Alertmanager inhibit tickets by pages.

Examples:

  firebreak slo export . --to cloud-monitoring --base-url https://firebreak.example.com > slos.json
  firebreak slo export alerts/shop.yaml --to prometheus > shop.rules.yaml && promtool check rules shop.rules.yaml

Exit code: 0 all exported, 1 an error in a file or an SLO left out (the rest is printed), 2 wrong arguments.`;

const targets = ['cloud-monitoring', 'prometheus'] as const;

/** `firebreak slo export`: OpenSLO for other systems. */
export const sloExport: Command = {
  name: 'slo export',
  summary: 'Write SLOs and their burn alerts for Cloud Monitoring or Prometheus',
  help,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { to: { type: 'string' }, 'base-url': { type: 'string' } },
    });
    if (positionals.length === 0) throw new UsageError('Name at least one file or folder.');
    const target = targets.find((name) => name === values.to);
    if (!target) throw new UsageError(`--to is one of ${targets.join(', ')}.`);
    const pages = consolePages(values['base-url'], terminal);
    const alerts = await readSloFiles((await sloFilesIn(positionals, terminal)).files, terminal);
    const problems = [...alerts.problems];
    if (target === 'prometheus') {
      const { groups, problems: lost } = exportToPrometheus(alerts, pages);
      problems.push(...lost);
      if (groups.length > 0) terminal.out(ruleFile(groups).trimEnd());
    } else {
      const { problems: lost, alertPolicies, ...resources } = exportToCloudMonitoring(alerts, pages);
      problems.push(...lost);
      if (resources.serviceLevelObjectives.length > 0)
        terminal.out(
          JSON.stringify({ ...resources, alertPolicies: alertPolicies.map(({ policy }) => policy) }, null, 2),
        );
    }
    for (const problem of problems) terminal.err(problemLine(problem));
    if (!pages) terminal.err('Alerts have no links: give --base-url, or set FIREBREAK_BASE_URL.');
    return problems.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};
