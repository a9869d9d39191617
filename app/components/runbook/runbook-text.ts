import { type Freshness, freshness } from '../../domain/runbook/freshness.ts';
import type { Problem, Runbook, RunbookBlock } from '../../domain/runbook/runbook.ts';

/** What a runbook's page shows of the file alone, without anything live. */
export interface RunbookText {
  slug: string;
  title: string;
  /** Anchor of the file's own title, null when its first line is another: the page's head stands in its place. */
  titleAnchor: string | null;
  file: string;
  owner: string | null;
  service: string | null;
  freshness: Pick<Freshness, 'state' | 'text'>;
  tabs: { text: string; anchor: string }[];
  blocks: RunbookBlock[];
  problems: Problem[];
  digest: string;
}

/** The text of a runbook on a day; `today` is an ISO date. Headings of the second level are the tabs, where a link can lead there. */
export function runbookText(runbook: Runbook, today: string): RunbookText {
  const { slug, title, file, owner, service, headings, problems, digest } = runbook;
  const anchor = headings[0]?.level === 1 && headings[0].text === title ? headings[0].anchor : '';
  const blocks = anchor === '' ? runbook.blocks : withoutTitle(runbook.blocks, anchor);
  return {
    slug,
    title,
    titleAnchor: blocks === runbook.blocks ? null : anchor,
    file,
    owner,
    service,
    freshness: freshness(runbook, today),
    tabs: headings
      .filter((each) => each.level === 2 && each.anchor !== '')
      .map(({ text, anchor }) => ({ text, anchor })),
    blocks,
    problems,
    digest,
  };
}

/** The blocks without the H1 of this anchor at their very beginning; the same array when something else stands there. */
function withoutTitle(blocks: RunbookBlock[], anchor: string): RunbookBlock[] {
  const [first, ...rest] = blocks;
  if (first?.kind !== 'html' || !first.html.startsWith(`<h1 id="${anchor}">`)) return blocks;
  return [{ ...first, html: first.html.slice(first.html.indexOf('</h1>') + '</h1>'.length) }, ...rest];
}
