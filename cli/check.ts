import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { plural } from '#app/domain/plural.ts';
import type { Command } from './command.ts';
import { problemLine } from './problem-line.ts';

const help = `firebreak check [folder] [--json] [--strict]

Reads the catalog (alerts/, flags/, runbooks/, dashboards/) and prints what is wrong with file, line and column.

  folder     the catalog; default FIREBREAK_CATALOG, else the current folder
  --json     one JSON document instead of lines
  --strict   warnings count as errors

Exit code: 0 nothing wrong, 1 errors found, 2 wrong arguments.`;

/** `firebreak check`: the linter of the content folders. */
export const check: Command = {
  name: 'check',
  summary: 'Validate the catalog: file, line and column of everything wrong',
  help,
  async run(args, { env, out }) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean' }, strict: { type: 'boolean' } },
    });
    const dir = resolve(positionals[0] ?? env.FIREBREAK_CATALOG ?? '.');
    const catalog = await readCatalog(dir);
    const problems = catalog.problems.map((problem) => ({ ...problem, file: shown(dir, problem.file) }));
    const errors = problems.filter((problem) => problem.severity === 'error').length;
    const warnings = problems.length - errors;
    const failed = errors > 0 || (values.strict === true && warnings > 0);
    const counts = {
      services: catalog.services.length,
      slos: catalog.slos.length,
      flags: catalog.flags.length,
      runbooks: catalog.runbooks.length,
      dashboards: catalog.dashboards?.length ?? 0,
    };
    if (values.json) out(JSON.stringify({ ok: !failed, digest: catalog.digest, counts, problems }, null, 2));
    else {
      for (const problem of problems) out(problemLine(problem));
      if (problems.length > 0) out('');
      const read = Object.entries(counts).map(([noun, count]) => `${count} ${noun === 'slos' ? 'SLOs' : noun}`);
      out(`${failed ? '✗' : '✓'} ${plural(errors, 'error')}, ${plural(warnings, 'warning')} in ${read.join(', ')}.`);
    }
    return failed ? 1 : 0;
  },
};

/** Path of a problem as seen from where the person stands, so that a terminal can open it. */
function shown(dir: string, file: string): string {
  const path = relative(process.cwd(), resolve(dir, file));
  return path.startsWith('..') ? resolve(dir, file) : path || '.';
}
