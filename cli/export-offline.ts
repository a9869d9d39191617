import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { plural } from '#app/domain/plural.ts';
import { type Command, UsageError } from './command.ts';
import { knowsNothing, readKnown } from './offline-known.ts';
import { offlinePages } from './offline-pages.ts';
import { printable } from './printable.ts';
import { replaceFolder } from './replace-folder.ts';
import { styleSheet, stylesName } from './runbook-pages.ts';

const help = `firebreak export --offline DIR [--catalog DIR] [--json]

Writes static pages for the hour in which the console is down: every runbook with each step as exact instructions, and for each flag
and service the commands that make it safe, who owns it, who is on call, and which credentials are needed. They open from a disk:
no script, no server, nothing fetched. No secret is in them.

  --offline DIR  the folder; replaced whole, in one move, if an earlier export wrote it
  --catalog DIR  default FIREBREAK_CATALOG, else the current folder
  --json         {"dir", "pages", "known", "problems"} instead of a sentence

The pages come from the catalog alone, and the same catalog gives the same bytes. Where DATABASE_URL is set, last known flags and
revisions come to them, with their age; when it cannot be read, the pages are written without.

Run it on every change of the catalog, and keep the pages where nothing of yours has to work to read them.

Exit code: 0 written, 1 written but a file of the catalog could not be read, 2 wrong arguments.`;

/** `firebreak export --offline`: what to do by hand while Firebreak is down. */
export const exportOffline: Command = {
  name: 'export',
  summary: 'Write static pages for when the console is down: runbooks, and commands for each flag and service',
  help,
  async run(args, { env, out, err }) {
    const { values } = parseArgs({
      args,
      options: { offline: { type: 'string' }, catalog: { type: 'string' }, json: { type: 'boolean' } },
    });
    if (!values.offline) throw new UsageError('--offline is missing: the folder that the pages go to.');
    const here = env.INIT_CWD ?? '.';
    const dir = resolve(here, values.offline);
    const folder = resolve(here, values.catalog ?? env.FIREBREAK_CATALOG ?? '.');
    const known = env.DATABASE_URL
      ? await readKnown(env.DATABASE_URL).catch((error: Error) => {
          err(printable(`The database cannot be read, so that nothing last known is in the pages: ${error.message}`));
          return knowsNothing;
        })
      : knowsNothing;
    const { pages, problems } = await offlinePages(folder, known);
    for (const problem of problems) err(printable(problem));
    await replaceFolder(dir, new Map([...pages, [stylesName, await styleSheet()]]));
    const seen = { flags: known.flags.size, services: known.services.size };
    if (values.json) out(JSON.stringify({ dir, pages: pages.size, known: seen, problems }));
    else {
      const lastKnown = `last known: ${plural(seen.flags, 'flag')}, ${plural(seen.services, 'service')}`;
      out(
        printable(
          `${plural(pages.size, 'page')} in ${dir}, ${env.DATABASE_URL ? lastKnown : 'from the catalog alone'}.`,
        ),
      );
    }
    return problems.length > 0 ? 1 : 0;
  },
};
