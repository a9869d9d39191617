import type { Token } from 'markdown-it';
import { didYouMean } from '../yaml/nearest.ts';
import { boundedProblems } from './bounded-problems.ts';
import type { Fence } from './fence-source.ts';
import { type FrontMatter, readFrontMatter } from './front-matter.ts';
import { type FenceKind, fenceHtml, readInfo } from './markdown/fences.ts';
import { type FindPage, pagesBeside } from './markdown/links.ts';
import { escapeHtml, type PageEnv, readTokens, renderTokens, settleLinks } from './markdown/page.ts';
import { wall } from './markdown/wall.ts';
import { readPanel } from './panel.ts';
import { checkReferences } from './references.ts';
import type { PanelDefinition, Place, Problem, Runbook, RunbookBlock, StepDefinition } from './runbook.ts';
import { type ReadStep, readStep } from './step.ts';

/** What the parser cannot know from the text. */
export interface ParseOptions {
  /** Slugs of all runbooks, so that links to others can be drawn as unresolved; without it all count as resolved. */
  known?: ReadonlySet<string>;
  /** Which runbook stands at a path, where they are not all in the folder of this one. */
  find?: FindPage;
  /** SHA-256 of the file's bytes, hex, from whoever read them: hashing is no part of a pure parser. */
  digest?: string;
}

const sections = ['meaning', 'impact', 'diagnosis', 'mitigation'];

/** One fence of a file, whatever it is: `kind` by its second word, `content` as its copy button has it (line ends are LF). */
export interface FenceFact extends Place {
  /** First word of its info; empty when there is none. */
  language: string;
  kind: FenceKind;
  content: string;
}

/**
 * Parses and renders a runbook file. Never throws: what is not valid becomes a problem with its line and column, and its
 * text stays in view. `file` is the path shown in problems; the slug is its last part without `.md`.
 */
export function parseRunbook(text: string, file: string, options: ParseOptions = {}): Runbook {
  return readRunbook(text, file, options).runbook;
}

/** As `parseRunbook`, and lists every fence when asked. */
export function readRunbook(
  text: string,
  file: string,
  options: ParseOptions = {},
): { runbook: Runbook; fences(): FenceFact[] } {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const lines = source.includes('\r') ? source.split(/\r\n|\n|\r/) : source.split('\n');
  const front = readFrontMatter(source, file);
  const known = options.known ?? null;
  const find = options.find ?? pagesBeside(file, known);
  const env: PageEnv = { file, known, find, lines, headings: [], links: [], linked: [] };
  const tokens = readTokens(front.body, env);
  const fences = readFences(tokens, lines, file);
  const anchors = [
    ...env.headings.map((heading) => heading.anchor),
    ...fences.steps.map((read) => `step-${read.step.id}`),
  ];
  settleLinks(env, new Set(anchors));
  const problems = [
    ...nulProblem(source, lines, file),
    ...front.problems,
    ...fences.problems,
    ...checkReferences(fences.steps, front.inputs, lines),
  ];
  const slug = slugOf(file);
  const runbook: Runbook = {
    slug,
    file,
    title: front.title ?? env.headings.find((heading) => heading.level === 1)?.text ?? titleOf(slug),
    owner: front.owner,
    lastReviewedOn: front.lastReviewedOn,
    reviewInDays: front.reviewInDays,
    service: front.service,
    slos: front.slos,
    inputs: front.inputs,
    steps: fences.steps.map((read) => read.step),
    blocks: [...shownHead(front), ...toBlocks(tokens, fences.found, env)],
    headings: env.headings,
    problems: boundedProblems(problems.toSorted((a, b) => a.line - b.line || a.column - b.column)),
    digest: options.digest ?? '',
    links: env.links,
    places: front.places,
  };
  return { runbook, fences: () => fenceFacts(tokens, lines) };
}

/** Markdown has no NUL: commands with one would be copied with a � in its place, so the page says it. */
function nulProblem(source: string, lines: readonly string[], file: string): Problem[] {
  if (!source.includes('\0')) return [];
  const line = lines.findIndex((text) => text.includes('\0'));
  const message = 'The file holds a NUL character: it is shown, and copied, as �.';
  const column = lines[line]!.indexOf('\0') + 1;
  return [{ file, line: line + 1, column, severity: 'warning', message, hint: 'Remove it.' }];
}

/** Front matter that could not be read, as text above the page. */
function shownHead({ shown }: FrontMatter): RunbookBlock[] {
  if (!shown) return [];
  const html = wall(fenceHtml(shown.language, shown.text.replaceAll('\r\n', '\n'), escapeHtml));
  return [{ kind: 'html', html, section: null }];
}

function fenceFacts(tokens: readonly Token[], lines: readonly string[]): FenceFact[] {
  return tokens
    .filter((token) => token.type === 'fence')
    .map((token) => {
      const { line, column, content } = fenceOf(token, lines);
      const { language, kind } = readInfo(token.info);
      return { line, column, language, kind, content };
    });
}

/** The name that a file's runbook has everywhere: `runbooks/voiceover-burn.md` is `voiceover-burn`. */
export function slugOf(file: string): string {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return name.replace(/\.(?:md|markdown)$/i, '');
}

function titleOf(slug: string): string {
  const words = slug.replace(/[-_]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

type Found = { kind: 'step'; step: StepDefinition } | { kind: 'panel'; panel: PanelDefinition };

/** Reads every fence of ours. A fence that is not valid is left out of `found`, and so stays text. */
function readFences(tokens: Token[], lines: readonly string[], file: string) {
  const found = new Map<Token, Found>();
  const steps: ReadStep[] = [];
  const problems: Problem[] = [];
  for (const token of tokens) {
    if (token.type !== 'fence') continue;
    const { kind, second } = readInfo(token.info);
    const fence = kind === 'text' && !second?.startsWith('runbook-') ? null : fenceOf(token, lines);
    if (!fence) continue;
    if (kind === 'step') {
      const { read, problems: wrong } = readStep(fence, file);
      problems.push(...wrong);
      if (!read) continue;
      steps.push(read);
      found.set(token, { kind, step: read.step });
    } else if (kind === 'panel') {
      const { panel, problems: wrong } = readPanel(fence, file);
      problems.push(...wrong);
      if (panel) found.set(token, { kind, panel });
    } else {
      const hint = didYouMean(second!, ['runbook-step', 'runbook-panel']);
      const message = `A fence "${second!.slice(0, 40)}" does nothing: it is shown as text.`;
      problems.push({ file, line: fence.line, column: fence.column, severity: 'warning', message, hint });
    }
  }
  return { found, steps, problems };
}

function fenceOf(token: Token, lines: readonly string[]): Fence {
  const [start, end] = token.map!;
  const first = lines[start] ?? '';
  const content = token.content.split('\n');
  const sample = content.findIndex((line) => line.trim() !== '');
  const written = sample < 0 ? '' : (lines[start + 1 + sample] ?? '');
  const last = lines[end - 1] ?? '';
  return {
    line: start + 1,
    column: Math.max(0, first.indexOf(token.markup)) + 1,
    content: token.content,
    indent: sample >= 0 && written.endsWith(content[sample]!) ? written.length - content[sample]!.length : 0,
    closed: end - 1 > start && last.trimEnd().endsWith(token.markup),
  };
}

/**
 * Cuts the page into blocks: a new one at each section heading, step and panel. A step inside a list or a quote cannot be
 * cut out of it: its place gets a link, and the step follows behind the whole list.
 */
function toBlocks(tokens: Token[], found: ReadonlyMap<Token, Found>, env: PageEnv): RunbookBlock[] {
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
