import type { Runbook } from '../domain/runbook/runbook.ts';

/** How a runbook file becomes a runbook: text in, value and problems out. */
export type ParseRunbook = (text: string, file: string) => Runbook;

/** A runbook of which only the slug and the first heading are known. */
export const outline: ParseRunbook = (text, file) => {
  const slug = file.replace(/^.*\//, '').replace(/\.md$/, '');
  return {
    slug,
    file,
    title: /^#\s+(.+)$/m.exec(text)?.[1] ?? /^title:\s*(.+)$/m.exec(text)?.[1] ?? slug,
    owner: null,
    lastReviewedOn: null,
    reviewInDays: null,
    service: null,
    slos: [],
    inputs: [],
    steps: [],
    blocks: [],
    headings: [],
    problems: [],
    digest: '',
  };
};
