import type { Token } from 'markdown-it';
import { type PageEnv, renderTokens } from './markdown/page.ts';
import { wall } from './markdown/wall.ts';
import type { Found } from './own-fences.ts';
import type { RunbookBlock, StepDefinition } from './runbook.ts';

const sections = ['meaning', 'impact', 'diagnosis', 'mitigation'];

/**
 * Cuts the page into blocks: a new one at each section heading, step and panel. A step inside a list or a quote cannot be
 * cut out of it: its place gets a link, and the step follows behind the whole list.
 */
export function toBlocks(tokens: Token[], found: ReadonlyMap<Token, Found>, env: PageEnv): RunbookBlock[] {
  const blocks: RunbookBlock[] = [];
  let section: string | null = null;
  let sectionLevel = 0;
  let run: Token[] = [];
  let waiting: Found[] = [];
  let depth = 0;
  const flush = () => {
    if (run.length > 0) {
      const html = wall(renderTokens(run, env));
      if (html.trim()) blocks.push({ kind: 'html', html, section });
    }
    for (const block of waiting) blocks.push({ ...block, section });
    run = [];
    waiting = [];
  };
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (depth === 0 && token.type === 'heading_open') {
      const level = Number(token.tag.slice(1));
      const name = tokens[index + 1]?.content.trim().toLowerCase() ?? '';
      const starts = level <= 3 && sections.includes(name);
      if (starts || (section !== null && level <= sectionLevel)) {
        flush();
        section = starts ? name : null;
        sectionLevel = starts ? level : 0;
      }
    }
    const block = found.get(token);
    depth += token.nesting;
    if (!block) run.push(token);
    else {
      waiting.push(block);
      if (depth > 0 && block.kind === 'step') run.push(placeholder(token, block.step));
    }
    if (depth === 0 && waiting.length > 0) flush();
  }
  flush();
  return blocks;
}

/** The link that stands where a nested step was. */
function placeholder(token: Token, step: StepDefinition): Token {
  const place = Object.assign(Object.create(Object.getPrototypeOf(token)) as Token, token);
  place.type = 'step_link';
  place.meta = { id: step.id, title: step.title };
  return place;
}
