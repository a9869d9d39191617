import { toBlocks } from './blocks.ts';
import { boundedProblems } from './bounded-problems.ts';
import { type FrontMatter, readFrontMatter } from './front-matter.ts';
import { fenceHtml } from './markdown/fences.ts';
import { type FindPage, pagesBeside } from './markdown/links.ts';
import { escapeHtml, type PageEnv, readTokens, settleLinks } from './markdown/page.ts';
import { wall } from './markdown/wall.ts';
import { type FenceFact, fenceFacts, readFences } from './own-fences.ts';
import { checkReferences } from './references.ts';
import type { Runbook, RunbookBlock } from './runbook.ts';
import { unseenProblems } from './unseen-characters.ts';

/** What the parser cannot know from the text. */
export interface ParseOptions {
  /** Slugs of all runbooks, so that links to others can be drawn as unresolved; without it all count as resolved. */
  known?: ReadonlySet<string>;
  /** Which runbook stands at a path, where they are not all in the folder of this one. */
  find?: FindPage;
  /** SHA-256 of the file's bytes, hex, from whoever read them: hashing is no part of a pure parser. */
  digest?: string;
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
    ...unseenProblems(source, lines, file),
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
    ...(front.approvals ? { approvals: front.approvals } : {}),
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

/** Front matter that could not be read, as text above the page. */
function shownHead({ shown }: FrontMatter): RunbookBlock[] {
  if (!shown) return [];
  const html = wall(fenceHtml(shown.language, shown.text.replaceAll('\r\n', '\n'), escapeHtml));
  return [{ kind: 'html', html, section: null }];
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
