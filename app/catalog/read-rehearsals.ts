import type { ContentFile } from '../domain/catalog.ts';
import { lintRehearsal, type RehearsalCatalog } from '../domain/rehearsal/lint-rehearsal.ts';
import { readRehearsal } from '../domain/rehearsal/read-rehearsal.ts';
import type { Rehearsal } from '../domain/rehearsal/rehearsal.ts';
import type { Problem } from '../domain/runbook/runbook.ts';

/** The rehearsals in these files. One with an error in it is left out: what it would prove is not known. */
export function readRehearsals(
  files: readonly Pick<ContentFile, 'path' | 'text' | 'digest'>[],
  catalog: RehearsalCatalog,
  problems: Problem[],
): Rehearsal[] {
  return files.flatMap(({ path, text, digest }) => {
    const { rehearsal, problems: wrong } = readRehearsal(text, path, digest);
    const unknown = rehearsal ? lintRehearsal(rehearsal, catalog) : [];
    problems.push(...wrong, ...unknown);
    return rehearsal && unknown.length === 0 ? [rehearsal] : [];
  });
}
