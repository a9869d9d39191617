import { createAlertPolicyRead } from '#app/clients/cloud-monitoring/alert-policies-read.server.ts';
import { createAlertPolicyWrite } from '#app/clients/cloud-monitoring/alert-policies-write.server.ts';
import type { PolicyChange } from '#app/domain/alert-policy/plan.ts';
import { plural } from '#app/domain/plural.ts';
import { planLines } from './alerts-lines.ts';
import { endpointOf, makePlan, optionsHelp, readOptions } from './alerts-options.ts';
import { type Command, type Terminal, UsageError } from './command.ts';
import { googleFault } from './google-fault.ts';
import { problemLine } from './problem-line.ts';

const help = `firebreak alerts apply FILE|DIR… --plan HASH [options]

Carries out the plan that "alerts plan" printed, with the same files and options. The plan is made anew and must have the same
hash: when a file or a policy has moved since, nothing is sent. Each change is one request, and right before it the policy is
read once more. After the first failure nothing further is sent; a second plan finds what is left to do.

  --plan HASH       the plan, from the last line of "alerts plan"
${optionsHelp}

Settings: FIREBREAK_MODE must be act (default observe); Google's application default credentials with
roles/monitoring.alertPolicyEditor. Cloud Monitoring records who changed each policy and when.

Example:

  FIREBREAK_MODE=act firebreak alerts apply . --base-url https://firebreak.example.com --plan 3f9c2a7d1b04

Exit code: 0 every change is made, 1 the plan is another one by now, or a change failed, 2 wrong arguments.`;

const timeoutMs = 30_000;

/** `firebreak alerts apply`: brings Cloud Monitoring to a plan that somebody has seen. */
export const alertsApply: Command = {
  name: 'alerts apply',
  summary: 'Carry out a plan for the alert policies of Cloud Monitoring',
  help,
  async run(args, terminal) {
    const options = readOptions(args);
    if (!options.plan) throw new UsageError('--plan is missing: the hash from the last line of "alerts plan".');
    const mode = terminal.env.FIREBREAK_MODE?.trim() || 'observe';
    if (mode !== 'act') {
      terminal.err(`FIREBREAK_MODE is ${mode}, which changes nothing. Set FIREBREAK_MODE=act to apply the plan.`);
      return 1;
    }
    try {
      const { made, problems } = await makePlan(options, terminal);
      for (const problem of problems) terminal.err(problemLine(problem));
      if (!made) return 1;
      if (made.hash !== options.plan) {
        terminal.err(
          `Files or policies have moved since plan ${options.plan}. Nothing was sent. The plan is now ${made.hash}:`,
        );
        for (const line of planLines(made)) terminal.err(line);
        return 1;
      }
      const missing = made.slos.filter(({ differences }) => differences === null);
      if (missing.length > 0) {
        terminal.err(
          'Nothing was sent: policies would watch SLOs that are not in Cloud Monitoring, and could never fire.',
        );
        for (const { name } of missing) terminal.err(`  ${name}`);
        terminal.err('Create them from "firebreak slo export … --to cloud-monitoring" first.');
        return 1;
      }
      return await applyAll(made.plan.changes, options.json === true, terminal);
    } catch (error) {
      terminal.err(googleFault(error));
      return 1;
    }
  },
};

async function applyAll(changes: readonly PolicyChange[], json: boolean, terminal: Terminal): Promise<number> {
  const google = { endpoint: endpointOf(terminal), timeoutMs };
  const read = createAlertPolicyRead(google);
  const write = createAlertPolicyWrite(google);
  const done: { kind: string; name: string | null; title: string }[] = [];
  let failed: string | null = null;
  try {
    for (const change of changes) {
      if (change.kind !== 'create' && (await read.get(change.name)).changedAt !== change.seen)
        throw new MovedError(`${change.title} was changed while the plan was being applied.`);
      const policy = await write.send(change);
      const name = policy?.name ?? (change.kind === 'create' ? null : change.name);
      done.push({ kind: change.kind, name, title: change.title });
      if (!json) terminal.out(`${change.kind}d ${change.title}${name ? ` (${name})` : ''}`);
    }
  } catch (error) {
    failed = error instanceof MovedError ? error.message : googleFault(error);
  } finally {
    await Promise.all([read.close(), write.close()]);
  }
  if (json) terminal.out(JSON.stringify({ ok: failed === null, done, left: changes.length - done.length }, null, 2));
  else if (failed === null)
    terminal.out(
      changes.length === 0 ? 'Nothing to do.' : `${done.length} of ${plural(changes.length, 'change')} made.`,
    );
  if (failed === null) return 0;
  const next = changes[done.length]!;
  terminal.err(`${next.kind} ${next.title}: ${failed}`);
  terminal.err(
    `${done.length} of ${plural(changes.length, 'change')} made; this one may have been. Make a new plan to see what is left.`,
  );
  return 1;
}

/** A policy that is not as the plan saw it. */
class MovedError extends Error {}
