import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { lintRunbook } from '#app/domain/runbook/lint.ts';
import type { FenceFact } from '#app/domain/runbook/own-fences.ts';
import { readRunbook } from '#app/domain/runbook/parse.ts';
import type { Problem, Runbook } from '#app/domain/runbook/runbook.ts';
import { type RunbookFiles, shownPath } from './runbook-files.ts';
import { pagesAround } from './runbook-links.ts';

/** What `runbook render --json` prints of one file; the command's help says what each part is. */
export interface RunbookFacts {
  file: string;
  html: string | null;
  title: string | null;
  headings: Runbook['headings'];
  fences: (Omit<FenceFact, 'content'> & { bytes: number; sha256: string })[];
  links: { line: number; column: number; href: string; resolved: boolean }[];
  problems: Omit<Problem, 'file'>[];
  milliseconds: number;
}

/**
 * Parses one of `all`'s files, with what its page would say is wrong: its own problems, and those against the catalog
 * where there is one. `today` is an ISO date.
 */
export function readChecked(text: string, path: string, all: RunbookFiles, today: string) {
  const { runbook, fences } = readRunbook(text, relative(all.top, path).replaceAll('\\', '/'), {
    known: all.slugs ?? undefined,
    find: pagesAround(all, path),
  });
  const lint = all.catalog ? lintRunbook(runbook, all.catalog, today) : [];
  const problems = [...runbook.problems, ...lint].sort((a, b) => a.line - b.line || a.column - b.column);
  return { runbook: { ...runbook, problems }, fences };
}

/** Facts of a runbook; `milliseconds` are those of parsing and drawing it. */
export function factsOf(path: string, runbook: Runbook, fences: FenceFact[], milliseconds: number): RunbookFacts {
  return {
    file: shownPath(path),
    html: null,
    title: runbook.title,
    headings: runbook.headings,
    fences: fences.map(({ content, ...fence }) => {
      const bytes = Buffer.from(content);
      return { ...fence, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    }),
    links: (runbook.links ?? []).map(({ line, column, href, resolved }) => ({ line, column, href, resolved })),
    problems: runbook.problems.map(({ file: _file, ...problem }) => problem),
    milliseconds: Math.round(milliseconds * 100) / 100,
  };
}

/** Facts of a file of which nothing is known but why. */
export function factsOfUnread(path: string, reason: string): RunbookFacts {
  const problem = { line: 1, column: 1, severity: 'error' as const, message: reason, hint: null };
  const nothing = { html: null, title: null, headings: [], fences: [], links: [], milliseconds: 0 };
  return { file: shownPath(path), ...nothing, problems: [problem] };
}
