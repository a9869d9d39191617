import { parseArgs } from 'node:util';
import { plural } from '#app/domain/plural.ts';
import { lintRunbook } from '#app/domain/runbook/lint.ts';
import { type Command, UsageError } from './command.ts';
import { factsOfUnread, readChecked } from './runbook-facts.ts';
import { findRunbooks, readMarkdown, shownPath } from './runbook-files.ts';

const help = `firebreak runbook check FILE|DIR [--json] [--strict] [--catalog DIR]

Prints what is wrong in Markdown runbooks, with file, line and column: front matter, steps and panels, dead links, changes
without verification or due date, inputs that nothing uses, overdue reviews.

  FILE|DIR       one file, or a folder with all below it (.md, .markdown)
  --json         one JSON document instead of lines
  --strict       warnings count as errors
  --catalog DIR  the catalog whose SLOs, flags and services the steps name; default: the one the folder belongs to. Without
                 any, names are not looked up, and the answer says so

Exit code: 0 nothing wrong, 1 errors found, 2 wrong arguments.`;

/** `firebreak runbook check`: the linter of runbooks alone, on any folder of Markdown. */
export const runbookCheck: Command = {
  name: 'runbook check',
  summary: 'Lint runbooks: one file, or any folder of Markdown',
  help,
  async run(args, { out }) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean' }, strict: { type: 'boolean' }, catalog: { type: 'string' } },
    });
    const [place, ...others] = positionals;
    if (place === undefined || others.length > 0) throw new UsageError('Name one file or folder.');
    const all = await findRunbooks(place, values.catalog);
    const today = new Date().toISOString();
    const problems = all.unread.flatMap(({ path, reason }) => inFile(path, factsOfUnread(path, reason).problems));
    for (const path of all.files) {
      const read = await readMarkdown(path);
      if (read.refusal !== undefined) problems.push(...inFile(path, factsOfUnread(path, read.refusal).problems));
      else {
        const { runbook } = readChecked(read.text, path, all, today);
        const own = all.catalog ? [] : lintRunbook(runbook, null, today);
        problems.push(...inFile(path, [...runbook.problems, ...own]));
      }
    }
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    const warnings = problems.length - errors;
    const failed = errors > 0 || (values.strict === true && warnings > 0);
    const counts = { files: all.files.length, errors, warnings };
    if (values.json) out(JSON.stringify({ ok: !failed, catalog: all.catalog !== null, counts, problems }, null, 2));
    else {
      for (const { file, line, column, severity, message, hint } of problems)
        out(`${file}:${line}:${column} ${severity} ${message}${hint ? ` ${hint}` : ''}`);
      const names = all.catalog ? '' : ' No catalog: names of SLOs, flags and services were not looked up.';
      out(
        `${failed ? '✗' : '✓'} ${plural(errors, 'error')}, ${plural(warnings, 'warning')} in ${plural(all.files.length, 'file')}.${names}`,
      );
    }
    return failed ? 1 : 0;
  },
};

function inFile<T extends { line: number; column: number }>(path: string, problems: T[]): (T & { file: string })[] {
  const file = shownPath(path);
  return problems.map((problem) => ({ ...problem, file })).sort((a, b) => a.line - b.line || a.column - b.column);
}
