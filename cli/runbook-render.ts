import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command.ts';
import { factsOf, factsOfUnread, type RunbookFacts, readChecked } from './runbook-facts.ts';
import { findRunbooks, type RunbookFiles, readMarkdown, shownPath } from './runbook-files.ts';
import { pageName } from './runbook-links.ts';
import { type DrawPage, pageDrawer, writePage, writeStyles } from './runbook-pages.ts';

const help = `firebreak runbook render FILE|DIR [--out DIR] [--json] [--catalog DIR]

Writes the page of each Markdown file as HTML that needs neither the console nor a script, and says what is in it.

  FILE|DIR       one file, or a folder with all below it (.md, .markdown)
  --out DIR      where the pages go, under the same relative paths; without it nothing is written
  --json         one line of JSON a file instead of text
  --catalog DIR  the catalog whose SLOs, flags and services the steps name; default: the one the folder belongs to, if any

A line of JSON holds
  file           path as seen from here            html   path of the page, null when none was written
  title          text, null for an unreadable file
  headings       [{level, text, anchor}]           anchors are those of GitHub
  fences         [{line, column, language, kind, bytes, sha256}]
                 kind is step, panel or text by the fence's second word; bytes and sha256 (hex) are of its content,
                 which is what its button copies (without the prompts in a console block): indentation of the fence
                 taken off, line ends LF
  links          [{line, column, href, resolved}]
  problems       [{line, column, severity, message, hint}]   severity is error or warning
  milliseconds   parsing and rendering, without reading and writing

Exit code: 0 no errors, 1 an error in a file (the others are written all the same), 2 wrong arguments.`;

/** `firebreak runbook render`: runbooks as static pages, with what was found in each. */
export const runbookRender: Command = {
  name: 'runbook render',
  summary: 'Write runbooks as static pages, and say what is in each',
  help,
  async run(args, { out, err }) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { out: { type: 'string' }, json: { type: 'boolean' }, catalog: { type: 'string' } },
    });
    const [place, ...others] = positionals;
    if (place === undefined || others.length > 0) throw new UsageError('Name one file or folder.');
    if (values.out === undefined && !values.json) throw new UsageError('Give --out, --json or both.');
    const all = await findRunbooks(place, values.catalog);
    const target = values.out === undefined ? null : { dir: resolve(values.out), draw: await pageDrawer() };
    const today = new Date().toISOString();
    let failed = false;
    const tell = (facts: RunbookFacts) => {
      failed ||= facts.problems.some(({ severity }) => severity === 'error');
      if (values.json) out(JSON.stringify(facts));
      else {
        if (facts.html !== null) out(`${facts.file} → ${facts.html} (${facts.milliseconds} ms)`);
        for (const { line, column, severity, message, hint } of facts.problems)
          err(`${facts.file}:${line}:${column} ${severity} ${message}${hint ? ` ${hint}` : ''}`);
      }
    };
    for (const { path, reason } of all.unread) tell(factsOfUnread(path, reason));
    let written = 0;
    for (const path of all.files) {
      const facts = await render(path, all, target, today);
      // Where no page came about, nothing is left behind.
      if (target && facts.html !== null && written++ === 0) await writeStyles(target.dir);
      tell(facts);
    }
    if (all.files.length === 0 && all.unread.length === 0) err(`${place} holds no Markdown file.`);
    return failed ? 1 : 0;
  },
};

/** Never throws for one file, so that the others follow. */
async function render(
  path: string,
  all: RunbookFiles,
  target: { dir: string; draw: DrawPage } | null,
  today: string,
): Promise<RunbookFacts> {
  const read = await readMarkdown(path);
  if (read.refusal !== undefined) return factsOfUnread(path, read.refusal);
  try {
    const start = performance.now();
    const { runbook, fences } = readChecked(read.text, path, all, today);
    const name = pageName(all.root, path);
    const html = target?.draw(runbook, name, today);
    const facts = factsOf(path, runbook, fences(), performance.now() - start);
    if (!target || html === undefined) return facts;
    return { ...facts, html: shownPath(await writePage(target.dir, name, html)) };
  } catch (error) {
    return factsOfUnread(
      path,
      `The page cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}
