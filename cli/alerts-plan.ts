import { planLines } from './alerts-lines.ts';
import { makePlan, optionsHelp, readOptions } from './alerts-options.ts';
import type { Command } from './command.ts';
import { googleFault } from './google-fault.ts';
import { problemLine } from './problem-line.ts';

const help = `firebreak alerts plan FILE|DIR… [options]

Compares the alert policies that the SLOs want with those in Cloud Monitoring and says what would change; nothing is changed.
Policies are wanted for SLOs whose firebreak.dev/paging is cloud-monitoring: one for each tier of the burn profile.

${optionsHelp}
  --check           exit 1 when anything would change: for a pipeline that watches for drift

A policy that lacks our labels is never touched, and of ours only what we write: name, documentation, conditions, severity and
whether it is enabled. What somebody changed by hand is shown as drift, with who and when. The policies watch SLOs of the same
names in Cloud Monitoring, services/{service}/serviceLevelObjectives/{slo}: "slo export" writes these, and the plan says which are
not there or not what the files say.
The last line names the plan by its hash; "alerts apply" takes that plan and no other.

Settings: Google's application default credentials with roles/monitoring.viewer.

Example:

  firebreak alerts plan . --base-url https://firebreak.example.com --page-channel projects/acme/notificationChannels/123

Exit code: 0 done, 1 an error in a file or no answer from Cloud Monitoring (with --check also: something would change),
2 wrong arguments.`;

/** `firebreak alerts plan`: what would change in Cloud Monitoring. */
export const alertsPlan: Command = {
  name: 'alerts plan',
  summary: 'Say what would change in the alert policies of Cloud Monitoring',
  help,
  async run(args, terminal) {
    const options = readOptions(args);
    try {
      const { made, problems } = await makePlan(options, terminal);
      for (const problem of problems) terminal.err(problemLine(problem));
      if (!made) return 1;
      const { plan, hash, projects, slos } = made;
      if (options.json) terminal.out(JSON.stringify({ plan: hash, projects, slos, ...plan }, null, 2));
      else {
        for (const line of planLines(made)) terminal.out(line);
        if (plan.changes.length > 0)
          terminal.out(`Plan ${hash}. Apply it with: firebreak alerts apply … --plan ${hash}`);
      }
      return options.check && plan.changes.length > 0 ? 1 : 0;
    } catch (error) {
      terminal.err(googleFault(error));
      return 1;
    }
  },
};
