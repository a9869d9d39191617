import { parseArgs } from 'node:util';
import { createUnleashDefinitions } from '#app/clients/unleash/definitions-write.server.ts';
import type { DefinitionWrite } from '#app/domain/flag/reconcile.ts';
import { plural } from '#app/domain/plural.ts';
import { AppError } from '#app/errors.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { type Command, type Terminal, UsageError } from './command.ts';
import { editFlagFiles } from './flag-files.ts';
import { driftLines, type FoundDrift, findDrift } from './flags-drift.ts';
import { printable } from './printable.ts';

const help = `firebreak flags apply [folder] --to unleash|files --plan HASH

Carries out the plan that "flags plan" printed, in the direction you choose. The plan is made anew and must have the same hash:
when a file or a flag has moved since, nothing is sent or written. After the first failure nothing further is sent; a second
plan finds what is left.

  folder        the catalog; default FIREBREAK_CATALOG, else the current folder
  --to unleash  creates what is missing (off everywhere), revives what is archived (off everywhere), sets type and description, and
                adds the declared strategies where a flag is off and has none
  --to files    writes Unleash's type and description into flags/*.yaml
  --plan HASH   the plan, from the last line of "flags plan"

Who gets a flag is never changed by this: the strategies it has belong to Unleash, and are turned from its page. Archiving, deleting
a file, declaring a flag and environments are left to you, and named.

Settings: UNLEASH_URL, UNLEASH_ADMIN_TOKEN; for --to unleash FIREBREAK_MODE must be act (default observe). Unleash's own events
record what was changed, by the token.

Exit code: 0 done, 1 the plan is another one by now, or a change failed, or something is left to you, 2 wrong arguments.`;

/** `firebreak flags apply`: brings the definitions of flags to one side of a plan that somebody has seen. */
export const flagsApply: Command = {
  name: 'flags apply',
  summary: 'Carry out a plan for the definitions of flags, towards Unleash or towards the files',
  help,
  async run(args, terminal) {
    const { env, out, err } = terminal;
    const options = { to: { type: 'string' }, plan: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const { to, plan } = values;
    if (to !== 'unleash' && to !== 'files') throw new UsageError('--to is unleash or files.');
    if (!plan) throw new UsageError('--plan is missing: the hash from the last line of "flags plan".');
    const mode = env.FIREBREAK_MODE?.trim() || 'observe';
    if (to === 'unleash' && mode !== 'act') {
      err(`FIREBREAK_MODE is ${mode}, which changes nothing. Set FIREBREAK_MODE=act to apply the plan.`);
      return 1;
    }
    const found = await findDrift(positionals[0], terminal);
    if (!found) return 1;
    if (found.drift.length === 0) {
      out(printable(driftLines(found)[0]!));
      return 0;
    }
    if (found.hash !== plan) {
      err(`Files or flags have moved since plan ${plan}. Nothing was changed. The plan is now ${found.hash}:`);
      for (const line of driftLines(found)) err(printable(line));
      return 1;
    }
    const done = to === 'unleash' ? await writeToUnleash(found, terminal) : await writeToFiles(found, terminal);
    const { left } = to === 'unleash' ? found.made.toUnleash : found.made.toFiles;
    for (const one of left) {
      out(printable(`left to you: ${one.flag}: ${one.text}`));
      out(printable(`  ${to === 'unleash' ? one.inUnleash : one.inFile}`));
    }
    return done && left.length === 0 ? 0 : 1;
  },
};

function doneText(write: DefinitionWrite): string {
  const words = { create: 'created, off', revive: 'revived, off', define: 'defined', begin: 'begins, off' };
  const where = write.kind === 'begin' ? ` in ${write.environment}` : '';
  return `${words[write.kind]}: ${write.flag}${where}`;
}

async function writeToUnleash({ address, made }: FoundDrift, { out, err }: Terminal): Promise<boolean> {
  const write = createUnleashDefinitions({ address, resilience: createResilience({ system: 'Unleash' }) });
  const { writes } = made.toUnleash;
  for (const [index, one] of writes.entries()) {
    try {
      await write.send(one);
      out(printable(doneText(one)));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      err(printable(`${one.kind} ${one.flag}: ${error.message}`));
      err(
        `${index} of ${plural(writes.length, 'change')} made; this one may have been. Make a new plan to see what is left.`,
      );
      return false;
    }
  }
  return true;
}

async function writeToFiles({ folder, made }: FoundDrift, { out }: Terminal): Promise<boolean> {
  for (const { file, flag, path, value } of await editFlagFiles(folder, made.toFiles.edits))
    out(printable(`${file}: ${flag}: ${path.at(-1)} is now ${JSON.stringify(value)}`));
  return true;
}
