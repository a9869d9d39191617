import { parseRunbook } from '../domain/runbook/parse.ts';
import type { Runbook } from '../domain/runbook/runbook.ts';
import type { Content } from './content-files.server.ts';

type RunbookFile = Pick<Content['files'][number], 'path' | 'text' | 'digest'>;

/** Last parse of each file, so that one changed file of a thousand costs one parse and not a thousand. */
const remembered = new Map<string, { digest: string; known: string; runbook: Runbook }>();

/** Files remembered at most: more than any catalog, fewer than a leak. */
const most = 5_000;

/**
 * Parses runbook files. A file whose bytes are as they were, among runbooks of the same names, is not parsed again; the
 * values are shared between calls, so nobody may change them.
 */
export function parsedRunbooks(files: readonly RunbookFile[], slugs: readonly string[]): Runbook[] {
  const known = new Set(slugs);
  const names = [...known].sort().join('\n');
  if (remembered.size > most) remembered.clear();
  return files.map(({ path, text, digest }) => {
    const last = remembered.get(path);
    if (last && last.digest === digest && last.known === names) return last.runbook;
    const runbook = parseRunbook(text, path, { known, digest });
    remembered.set(path, { digest, known: names, runbook });
    return runbook;
  });
}
