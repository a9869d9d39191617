import { readYaml, type SourceDocument } from '../yaml/document.ts';
import { readSimpleYaml } from '../yaml/simple.ts';
import type { Place, Problem } from './runbook.ts';

/** One of our fences as found in a file. */
export interface Fence extends Place {
  /** YAML inside, indentation of the fence removed, line ends LF. */
  content: string;
  /** Columns that were removed from the lines of `content`. */
  indent: number;
  closed: boolean;
}

/** Longest fence of ours that is read. */
const longest = 64 * 1024;

/** Reads the YAML mapping inside a fence, with places in the file. Null when there is none, and then there is a problem. */
export function readFence(fence: Fence, file: string): { source: SourceDocument | null; problems: Problem[] } {
  const at = { line: fence.line, column: fence.column };
  const refuse = (message: string, hint: string | null) => ({
    source: null,
    problems: [{ file, ...at, severity: 'error' as const, message, hint }],
  });
  if (!fence.closed) return refuse('This fence is never closed.', 'End it with a line of the same marks.');
  if (fence.content.length > longest) return refuse('This fence is longer than 64 KiB.', null);
  const offset = { line: fence.line, column: fence.indent };
  const quick = readSimpleYaml(fence.content, file, offset);
  if (quick) return { source: quick, problems: [] };
  const { documents, problems } = readYaml(fence.content, file, { offset, maxDocuments: 1 });
  if (problems.some((problem) => problem.severity === 'error')) return { source: null, problems };
  const source = documents[0];
  if (!source || typeof source.value !== 'object' || source.value === null || Array.isArray(source.value)) {
    return refuse('This fence holds no keys.', 'Write one key a line, such as "id: kill-flag".');
  }
  return { source, problems };
}
