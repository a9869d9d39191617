import { z } from 'zod';
import { readYaml, type SourceDocument } from '../yaml/document.ts';
import { readSimpleYaml } from '../yaml/simple.ts';
import { reporter, validate } from '../yaml/validate.ts';
import { parseInterval } from './durations.ts';
import type { Place, Problem, RunbookInput } from './runbook.ts';
import { runbookSchema } from './schema.ts';

/** What the head of a file says. `body` is the rest, with blank lines in place of the head so that line numbers hold. */
export interface FrontMatter {
  body: string;
  title: string | null;
  owner: string | null;
  lastReviewedOn: string | null;
  reviewInDays: number | null;
  service: string | null;
  slos: string[];
  inputs: RunbookInput[];
  /** Places of what `runbook:` names, by path: `service`, `slos.0`, `inputs.flag`, `lastReviewedOn`. */
  places: Record<string, Place>;
  problems: Problem[];
}

/** Longest head that is read as data; a longer one is text. */
const longest = 64 * 1024;
const nothing = { title: null, owner: null, lastReviewedOn: null, reviewInDays: null, service: null } as const;

/**
 * Reads front matter of any kind: YAML between `---` (strict inside `runbook:`, tolerant outside), TOML between `+++` and
 * JSON (title and owner only), or none. A YAML head that cannot be read is a problem and stays in view as text.
 */
export function readFrontMatter(text: string, file: string): FrontMatter {
  const head = split(text);
  if (!head) return { ...nothing, body: text, slos: [], inputs: [], places: {}, problems: [] };
  const body = '\n'.repeat(head.lines) + head.rest;
  if (head.kind === 'foreign') {
    return { ...nothing, ...foreign(head.content), body, slos: [], inputs: [], places: {}, problems: [] };
  }
  const offset = { line: 1, column: 0 };
  const quick = readSimpleYaml(head.content, file, offset);
  const { documents, problems } = quick
    ? { documents: [quick], problems: [] }
    : readYaml(head.content, file, { offset });
  const source = documents[0];
  const mapping = typeof source?.value === 'object' && source.value !== null && !Array.isArray(source.value);
  if (source && !mapping) return { ...nothing, body: text, slos: [], inputs: [], places: {}, problems: [] };
  if (!source) return unreadable(text, head, body, problems);
  const read = fromYaml(source);
  return { ...read, body, problems: [...problems, ...read.problems] };
}

type Head = { kind: 'yaml' | 'foreign'; content: string; rest: string; lines: number };

function split(text: string): Head | null {
  const first = /^(---|\+\+\+|\{)[ \t]*\r?\n/.exec(text);
  if (!first) return null;
  const end =
    first[1] === '{'
      ? /^\}[ \t]*(?:\r?\n|$)/m
      : first[1] === '---'
        ? /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m
        : /^\+\+\+[ \t]*(?:\r?\n|$)/m;
  const after = text.slice(first[0].length, first[0].length + longest);
  const close = end.exec(after);
  if (!close) return null;
  const content = after.slice(0, close.index);
  const upTo = first[0].length + close.index + close[0].length;
  if (first[1] === '{' && !isJson(`{${content}}`)) return null;
  const lines = text.slice(0, upTo).split('\n').length - 1;
  return { kind: first[1] === '---' ? 'yaml' : 'foreign', content, rest: text.slice(upTo), lines };
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

/** Title and owner of a TOML or JSON head, line by line. */
function foreign(content: string): { title: string | null; owner: string | null } {
  const value = (key: string) =>
    new RegExp(`^\\s*"?${key}"?\\s*[=:]\\s*["']([^"'\\n]{1,200})["']`, 'm').exec(content)?.[1] ?? null;
  return { title: value('title'), owner: value('owner') };
}

/** A head that is not YAML: text when it looks like text, else a problem with the head left in view. */
function unreadable(text: string, head: Head, body: string, problems: Problem[]): FrontMatter {
  const blank = head.content.split('\n').every((line) => /^\s*(?:#|$)/.test(line));
  if (!/^[\w-]+[ \t]*:/m.test(head.content)) {
    return { ...nothing, body: blank ? body : text, slos: [], inputs: [], places: {}, problems: [] };
  }
  // Only what could have held steps' declarations is an error: other teams' heads are none of our business.
  const severity = /^runbook[ \t]*:/m.test(head.content) ? 'error' : 'warning';
  const title = /^title[ \t]*:[ \t]*["']?(.{1,200}?)["']?[ \t]*\r?$/m.exec(head.content)?.[1] ?? null;
  const fence = '`'.repeat(3 + Math.max(0, ...[...head.content.matchAll(/`+/g)].map(([run]) => run.length)));
  const shown = text
    .replace(/^---[ \t]*(\r?\n)/, `${fence}yaml$1`)
    .replace(/^(?:---|\.\.\.)[ \t]*(\r?\n|$)/m, `${fence}$1`);
  const reported = problems.map((problem) => ({ ...problem, severity }) as Problem);
  return { ...nothing, title, body: shown, slos: [], inputs: [], places: {}, problems: reported };
}

const headSchema = z.looseObject({ runbook: runbookSchema.optional() });

function fromYaml(source: SourceDocument): Omit<FrontMatter, 'body'> {
  const report = reporter(source);
  const value = source.value as Record<string, unknown>;
  const declared = validate(headSchema, source, report)?.runbook ?? null;
  const lastReviewedOn = text(value.last_reviewed_on);
  if (lastReviewedOn !== null && !isDate(lastReviewedOn)) {
    report.warning(['last_reviewed_on'], `"${lastReviewedOn.slice(0, 40)}" is not a date.`, 'Write it as 2026-11-01.');
  }
  const interval = text(value.review_in);
  const reviewInDays = interval === null ? null : parseInterval(interval);
  if (interval !== null && reviewInDays === null) {
    report.warning(
      ['review_in'],
      `"${interval.slice(0, 40)}" is not an interval.`,
      'Write it as 3 months, 6 weeks or 90 days.',
    );
  }
  const inputs = Object.entries(declared?.inputs ?? {}).map(([name, input]) => ({
    name,
    type: input.type,
    label: input.label ?? name,
    default: input.default === undefined ? null : String(input.default),
  }));
  const slos = declared?.slos ?? [];
  const places: Record<string, Place> = {};
  const keep = (key: string, path: PropertyKey[]) => {
    places[key] = source.place(path);
  };
  if (declared?.service) keep('service', ['runbook', 'service']);
  for (const index of slos.keys()) keep(`slos.${index}`, ['runbook', 'slos', index]);
  for (const { name } of inputs) places[`inputs.${name}`] = source.place(['runbook', 'inputs', name], 'key');
  if (lastReviewedOn !== null) keep('lastReviewedOn', ['last_reviewed_on']);
  return {
    title: text(value.title),
    owner: text(value.owner),
    lastReviewedOn: lastReviewedOn !== null && isDate(lastReviewedOn) ? lastReviewedOn.slice(0, 10) : null,
    reviewInDays,
    service: declared?.service ?? null,
    slos,
    inputs,
    places,
    problems: report.problems,
  };
}

function text(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() || null;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function isDate(value: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:$|[T ])/.exec(value);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
