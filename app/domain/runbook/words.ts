import type { Runbook, RunbookBlock } from './runbook.ts';

/** Most characters of one page that are searched: PostgreSQL indexes texts only up to a size. */
const most = 100_000;

/** The words of a page as a reader sees them, in order: its text, what stands in its fences, titles and texts of its steps. */
export function wordsOf(runbook: Pick<Runbook, 'blocks'>): string {
  const words = runbook.blocks.map(ofBlock).join(' ');
  // PostgreSQL's texts hold no NUL.
  return words
    .replace(/[\s\0]+/g, ' ')
    .trim()
    .slice(0, most);
}

function ofBlock(block: RunbookBlock): string {
  if (block.kind === 'html') return textOf(block.html);
  if (block.kind === 'panel') return Object.values(block.panel.options).join(' ');
  const { title, uses, with: given } = block.step;
  const texts = Object.values(given).filter((value) => typeof value === 'string');
  return [title, uses, ...texts].join(' ');
}

/** Text of sanitised HTML: its attributes hold no bracket, and its entities are the four that escaping makes. */
function textOf(html: string): string {
  return html
    .replaceAll('>Copy</button>', '>')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
