import { z } from 'zod';
import type { Problem } from '../runbook/runbook.ts';
import type { Path, SourceDocument } from './document.ts';
import { didYouMean } from './nearest.ts';

/** Collects problems of one document by path, so that no rule has to know about lines. */
export interface Reporter {
  error(path: Path, message: string, hint?: string | null, part?: 'value' | 'key'): void;
  warning(path: Path, message: string, hint?: string | null): void;
  readonly problems: Problem[];
  /** True once an error was reported. */
  readonly failed: boolean;
}

/** A reporter that puts each problem at the place of its path in `source`. */
export function reporter(source: SourceDocument): Reporter {
  const problems: Problem[] = [];
  const add = (
    severity: Problem['severity'],
    path: Path,
    message: string,
    hint: string | null,
    part?: 'value' | 'key',
  ) => problems.push({ file: source.file, ...source.place(path, part), severity, message, hint });
  return {
    problems,
    error: (path, message, hint = null, part) => add('error', path, message, hint, part),
    warning: (path, message, hint = null) => add('warning', path, message, hint),
    get failed() {
      return problems.some((problem) => problem.severity === 'error');
    },
  };
}

/** Validates a document; on failure returns null and reports each issue in plain words at its place. */
export function validate<T extends z.ZodType>(schema: T, source: SourceDocument, report: Reporter): z.output<T> | null {
  const result = schema.safeParse(source.value, { reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues.slice(0, 50)) explain(issue, schema, report);
  return null;
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, report: Reporter): void {
  const name = nameOf(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys.slice(0, 20)) {
        const known = keysAt(schema, issue.path);
        report.error(
          [...issue.path, key],
          `Unknown field "${key}"${within(issue.path)}.`,
          didYouMean(key, known),
          'key',
        );
      }
      return;
    case 'invalid_type':
      if (issue.input === undefined) report.error(issue.path, `${quoted(name)} is missing.`, null);
      else {
        const bare = issue.expected === 'string' && ['number', 'boolean'].includes(typeof issue.input);
        const hint = bare ? `Write it in quotes: "${String(issue.input)}".` : null;
        report.error(
          issue.path,
          `${quoted(name)} must be ${article(issue.expected)}, not ${kindOf(issue.input)}.`,
          hint,
        );
      }
      return;
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      if (issue.input === undefined)
        report.error(issue.path, `${quoted(name)} is missing.`, `One of: ${allowed.join(', ')}.`);
      else
        report.error(
          issue.path,
          `${quoted(name)} is ${JSON.stringify(issue.input)}; allowed: ${allowed.join(', ')}.`,
          typeof issue.input === 'string' ? didYouMean(issue.input, allowed) : null,
        );
      return;
    }
    default: {
      const hint = issue.code === 'custom' ? (issue.params?.hint as string | undefined) : undefined;
      report.error(issue.path, issue.message, hint ?? null);
    }
  }
}

/** Field names that the schema knows at `path`, for suggestions. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  let here: unknown = schema;
  for (const step of path) {
    const inner = unwrap(here);
    if (inner instanceof z.ZodObject) here = inner.shape[String(step)];
    else if (inner instanceof z.ZodArray) here = inner.element;
    else return [];
  }
  const inner = unwrap(here);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable || inner instanceof z.ZodDefault)
    inner = inner.unwrap();
  return inner;
}

function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'document';
  return typeof last === 'number' ? `${String(path.at(-2) ?? 'list')}[${last}]` : String(last);
}

function within(path: Path): string {
  return path.length === 0 ? '' : ` in ${path.map(String).join('.')}`;
}

const quoted = (name: string) => `"${name}"`;

function article(expected: string): string {
  const word = { record: 'a mapping', object: 'a mapping', array: 'a list', string: 'text', int: 'a whole number' }[
    expected
  ];
  return word ?? `a ${expected}`;
}

function kindOf(input: unknown): string {
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a mapping';
  return typeof input === 'string' ? 'text' : `the ${typeof input} ${String(input)}`;
}
