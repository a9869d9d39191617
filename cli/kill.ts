import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '#app/errors.ts';
import { type Command, type Terminal, UsageError } from './command.ts';
import { directTarget } from './direct-target.ts';
import { unleashFrom } from './flags-drift.ts';
import { killDirect } from './kill-direct.ts';
import { reconcileJournals } from './kill-reconcile.ts';
import { printable } from './printable.ts';

const help = `firebreak kill FLAG --direct --reason "…" [--environment NAME] [--safe STATE] [--yes] [--as NAME] [--journal FILE] [--catalog DIR]
firebreak kill --reconcile FILE…

Brings a flag to its safe state straight at Unleash, for when the console or its database is down: no lock, no approval, no
verification by the burn. While the console answers, kill the flag there.

  --direct            says that you mean it
  --reason            one sentence, for the audit
  --environment NAME  default production
  --safe STATE        off, on or variant:NAME: only for a flag that no file declares
  --yes               do not ask for the flag's name
  --as NAME           who you are; default the machine's user. Nobody signs in here: the audit says so
  --journal FILE      where it is written down, before and after; default a new file in the current folder
  --catalog DIR       where flags/*.yaml are; default FIREBREAK_CATALOG, else the current folder

What is sent is shown first. Afterwards the flag is read again, and what was seen decides: done, not taken, or outcome unknown.
Every line of the journal holds the hash of the one before and is on the disk before anything is sent.

  --reconcile FILE…   brings journals into the audit, once the console's database is back: each kill with its own time and person, as
                      flag.killed-directly, with a follow-up that leads back. Doing it twice changes nothing; a broken chain is refused

Settings: UNLEASH_URL, UNLEASH_ADMIN_TOKEN; UNLEASH_CLIENT_TOKEN shows what SDKs are served in FIREBREAK_ENVIRONMENT (default
production). For --reconcile DATABASE_URL.

Exit code: 0 the flag was seen in its safe state, or all is in the audit, 1 it was not, 2 wrong arguments.`;

/** How long an effect is looked for, ms. */
const patience = 15_000;

/** `firebreak kill`: the one change that does not go in as a run (docs/decisions/0013), and how it comes into the audit. */
export const kill: Command = {
  name: 'kill',
  summary: 'Kill a flag without the console, or bring such a kill into the audit',
  help,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        direct: { type: 'boolean' },
        reconcile: { type: 'boolean' },
        environment: { type: 'string', default: 'production' },
        reason: { type: 'string' },
        safe: { type: 'string' },
        yes: { type: 'boolean', default: false },
        as: { type: 'string' },
        journal: { type: 'string' },
        catalog: { type: 'string' },
      },
    });
    if (values.reconcile) {
      if (positionals.length === 0) throw new UsageError('Name the journals to bring in.');
      return (await reconcileJournals(positionals, terminal)) ? 0 : 1;
    }
    const [flag, ...others] = positionals;
    if (!flag || others.length > 0) throw new UsageError('Name one flag.');
    if (!values.direct)
      throw new UsageError('A flag is killed from its page in the console. When the console is down, say --direct.');
    const reason = values.reason?.trim();
    if (!reason) throw new UsageError('--reason is missing: one sentence for the audit.');
    const { env, err } = terminal;
    const address = unleashFrom(terminal);
    const clientToken = env.UNLEASH_CLIENT_TOKEN?.trim();
    const clientTokens = clientToken ? { [env.FIREBREAK_ENVIRONMENT?.trim() || 'production']: clientToken } : {};
    const target = await directTarget(flag, values, terminal);
    if (!target) return 1;
    try {
      const done = await killDirect(
        {
          ...target,
          flag,
          environment: values.environment,
          reason,
          person: values.as?.trim() || `${userInfo().username}@${hostname()}`,
          journal: journalPath(values.journal, env),
          yes: values.yes,
          address: { ...address, clientTokens },
          patience,
        },
        terminal,
      );
      return done ? 0 : 1;
    } catch (error) {
      const known = error instanceof AppError || typeof (error as NodeJS.ErrnoException).code === 'string';
      if (!known) throw error;
      err(printable(`Nothing was sent: ${(error as Error).message}`));
      return 1;
    }
  },
};

function journalPath(given: string | undefined, env: Terminal['env']): string {
  const here = env.INIT_CWD ?? '.';
  if (given) return resolve(here, given);
  return resolve(here, `firebreak-direct-${new Date().toISOString().replace(/[:.]/g, '')}.jsonl`);
}
