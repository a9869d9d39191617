import { z } from 'zod';
import { type ApprovalRule, approvalRule } from '../approval/rule.ts';
import { readYaml, type SourceDocument } from '../yaml/document.ts';
import { readSimpleYaml } from '../yaml/simple.ts';
import { reporter, validate } from '../yaml/validate.ts';
import { parseInterval } from './durations.ts';
import { findHead, type Head } from './front-matter-head.ts';
import type { Place, Problem, RunbookInput } from './runbook.ts';
import { runbookSchema } from './schema.ts';
import { readTomlHead } from './toml-head.ts';

/** What the head of a file says. `body` is the rest, with blank lines in place of the head so that line numbers hold. */
export interface FrontMatter {
  body: string;
  /** A head that could not be read, to be shown as it stands above the body. */
  shown: { language: string; text: string } | null;
  title: string | null;
  owner: string | null;
  lastReviewedOn: string | null;
  reviewInDays: number | null;
  service: string | null;
  slos: string[];
  inputs: RunbookInput[];
  /** Who approves each change forward of it; null when nobody has to. */
  approvals: ApprovalRule | null;
  /** Places of what `runbook:` names, by path: `service`, `slos.0`, `inputs.flag`, `lastReviewedOn`. */
  places: Record<string, Place>;
  problems: Problem[];
}

const nothing = {
  shown: null,
  title: null,
  owner: null,
  lastReviewedOn: null,
  reviewInDays: null,
  service: null,
  slos: [],
  inputs: [],
  approvals: null,
  places: {},
  problems: [],
} satisfies Omit<FrontMatter, 'body'>;

/**
 * Reads front matter of any kind: YAML between `---` and JSON (strict inside `runbook:`, tolerant outside), TOML between
 * `+++` (title and owner only), or none. A head that cannot be read is a problem and stays in view as text.
 */
export function readFrontMatter(text: string, file: string): FrontMatter {
  const head = findHead(text);
  if (head === null) return { ...nothing, body: text };
  if (head === 'open') {
    const message = 'The front matter is never closed, or longer than 64 KiB: it is shown as text.';
    const hint = text.startsWith('{')
      ? 'Close the braces and end the line.'
      : `End it with a line ${text.slice(0, 3)}.`;
    return { ...nothing, body: text, problems: [{ file, line: 1, column: 1, severity: 'warning', message, hint }] };
  }
  const body = '\n'.repeat(head.lines) + head.rest;
  return head.kind === 'toml' ? fromToml(head, body, file) : fromYaml(text, head, body, file);
}

function fromToml(head: Head, body: string, file: string): FrontMatter {
  const { title, owner, runbook, wrong } = readTomlHead(head.content);
  const problem = (place: Place, severity: Problem['severity'], message: string, hint: string | null): Problem[] => [
    { file, line: place.line + 1, column: place.column, severity, message, hint },
  ];
  if (wrong) {
    const severity = runbook ? 'error' : 'warning';
    const problems = problem(wrong, severity, `This is not TOML. ${wrong.message}`, null);
    return { ...nothing, title, owner, shown: { language: 'toml', text: head.source }, body, problems };
  }
  const ignored = 'runbook is not read from TOML: its steps get no inputs and no service.';
  const problems = runbook
    ? problem(runbook, 'error', ignored, 'Write the front matter as YAML between --- lines.')
    : [];
  return { ...nothing, title, owner, body, problems };
}

/** JSON is read as the YAML that it also is, so that its parts have their places. */
function fromYaml(text: string, head: Head, body: string, file: string): FrontMatter {
  const offset = { line: head.kind === 'json' ? 0 : 1, column: 0 };
  const quick = head.kind === 'json' ? null : readSimpleYaml(head.content, file, offset);
  const { documents, problems } = quick
    ? { documents: [quick], problems: [] }
    : readYaml(head.content, file, { offset, maxDocuments: 1 });
  const source = documents[0];
  const mapping = typeof source?.value === 'object' && source.value !== null && !Array.isArray(source.value);
  if (source && !mapping) return { ...nothing, body: text };
  if (!source) return unreadable(text, head, body, problems);
  const read = declared(source);
  return { ...read, shown: null, body, problems: [...problems, ...read.problems] };
}

/** A head that is not YAML: text when it looks like text, else a problem with the head left in view. */
function unreadable(text: string, head: Head, body: string, problems: Problem[]): FrontMatter {
  const blank = head.content.split('\n').every((line) => /^\s*(?:#|$)/.test(line));
  if (head.kind === 'yaml' && !/^[\w-]+[ \t]*:/m.test(head.content)) return { ...nothing, body: blank ? body : text };
  // Only what could have held steps' declarations is an error: other teams' heads are none of our business.
  const severity = /^\s*"?runbook"?[ \t]*:/m.test(head.content) ? 'error' : 'warning';
  const title = /^title[ \t]*:[ \t]*["']?(.{1,200}?)["']?[ \t]*\r?$/m.exec(head.content)?.[1] ?? null;
  const reported = problems.map((problem) => ({ ...problem, severity }) as Problem);
  return { ...nothing, title, shown: { language: head.kind, text: head.source }, body, problems: reported };
}

const headSchema = z.looseObject({ runbook: runbookSchema.optional() });

function declared(source: SourceDocument): Omit<FrontMatter, 'body' | 'shown'> {
  const report = reporter(source);
  const value = source.value as Record<string, unknown>;
  const runbook = validate(headSchema, source, report)?.runbook ?? null;
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
  const inputs = Object.entries(runbook?.inputs ?? {}).map(([name, input]) => ({
    name,
    type: input.type,
    label: input.label ?? name,
    default: input.default === undefined ? null : String(input.default),
  }));
  const slos = runbook?.slos ?? [];
  const places: Record<string, Place> = {};
  const keep = (key: string, path: PropertyKey[]) => {
    places[key] = source.place(path);
  };
  if (runbook?.service) keep('service', ['runbook', 'service']);
  for (const index of slos.keys()) keep(`slos.${index}`, ['runbook', 'slos', index]);
  for (const { name } of inputs) places[`inputs.${name}`] = source.place(['runbook', 'inputs', name], 'key');
  if (runbook?.approvals) keep('approvals', ['runbook', 'approvals']);
  if (lastReviewedOn !== null) keep('lastReviewedOn', ['last_reviewed_on']);
  return {
    title: text(value.title),
    owner: text(value.owner),
    lastReviewedOn: lastReviewedOn !== null && isDate(lastReviewedOn) ? lastReviewedOn.slice(0, 10) : null,
    reviewInDays,
    service: runbook?.service ?? null,
    slos,
    inputs,
    approvals: runbook?.approvals ? approvalRule(runbook.approvals) : null,
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
