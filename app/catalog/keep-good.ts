import type { Catalog, ContentFile } from '../domain/catalog.ts';
import type { Problem } from '../domain/runbook/runbook.ts';
import { type Assembled, assemble, byPlace } from './build-catalog.ts';
import type { Content } from './content-files.server.ts';

/** A catalog with the files it was made of: those on disk, but for the ones that an older version stands in for. */
export interface InForce {
  catalog: Catalog;
  files: ContentFile[];
}

/**
 * The catalog of what is on disk, where a file that was good and is broken now keeps its version of `standing` in force:
 * a typing error must not leave a service unwatched. A file that was never good is taken as it is; what was taken out without
 * an error is out. When the mixture would still lose something to a reference across files, nothing of the change is taken in.
 */
export function keepGood(standing: readonly ContentFile[] | null, content: Content, today: string): InForce {
  const now = assemble(content, today);
  if (!standing || standing.length === 0 || (errorsBy(now).size === 0 && content.missing.length === 0))
    return { catalog: now.catalog, files: content.files };

  const before = assemble({ files: [...standing], problems: [], digest: content.digest }, today);
  const held = new Set<string>();
  let mixed = content.files;
  let mixture = now;
  // First what others refer to: a good edit of a flag is not held for an SLO that is only missing while its file is broken.
  for (const referred of [true, false]) {
    for (const file of standing)
      if ((file.folder === 'alerts') === referred && mustHold(file, content, before, mixture)) held.add(file.path);
    mixed = mix(standing, content.files, held);
    mixture = assemble({ files: mixed, problems: content.problems, digest: content.digest }, today);
  }
  if (!losesByError(before, mixture, standing, mixed)) {
    const others = mixture.catalog.problems.filter(({ file }) => !held.has(file));
    const own = now.catalog.problems.filter(({ file }) => held.has(file));
    return inForce(mixture, mixed, held, [...others, ...own], content);
  }
  const paths = [...standing, ...content.files].map(({ path }) => path);
  const digestIn = (files: readonly ContentFile[], path: string) => files.find((file) => file.path === path)?.digest;
  const moved = paths.filter((path) => digestIn(standing, path) !== digestIn(content.files, path));
  return inForce(before, [...standing], new Set(moved), now.catalog.problems, content);
}

function mustHold(file: ContentFile, content: Content, before: Assembled, now: Assembled): boolean {
  const broken = errorsBy(now).has(file.path);
  const onDisk = content.files.find(({ path }) => path === file.path);
  if (!onDisk) return broken || content.missing.includes(file.folder);
  if (onDisk.digest === file.digest || !broken) return false;
  return !errorsBy(before).has(file.path) || lost(before, now).some(([, from]) => from === file.path);
}

/** True when something that is in force would go although nobody took it out: its file, or a new one beside it, has an error. */
function losesByError(
  before: Assembled,
  after: Assembled,
  standing: readonly ContentFile[],
  files: readonly ContentFile[],
): boolean {
  const broken = errorsBy(after);
  const folderOf = (path: string) => path.split('/', 1)[0];
  const fresh = [...broken].filter((path) => !standing.some((file) => file.path === path));
  return lost(before, after).some(([, from]) =>
    files.some(({ path }) => path === from)
      ? broken.has(from)
      : fresh.some((path) => folderOf(path) === folderOf(from)),
  );
}

function lost(before: Assembled, after: Assembled): [string, string][] {
  return [...before.standsIn].filter(([name]) => !after.standsIn.has(name));
}

function mix(standing: readonly ContentFile[], onDisk: readonly ContentFile[], held: ReadonlySet<string>) {
  const kept = standing.filter(({ path }) => held.has(path));
  return [...onDisk.filter(({ path }) => !held.has(path)), ...kept].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The catalog in force with the problems of what is on disk, and a line for each file that is not taken in. */
function inForce(
  { catalog }: Assembled,
  files: ContentFile[],
  held: ReadonlySet<string>,
  found: readonly Problem[],
  content: Content,
): InForce {
  const notes = [...content.missing.filter((folder) => files.some((file) => file.folder === folder)), ...held].flatMap(
    (path): Problem[] => {
      const first = found.find(({ file, severity }) => file === path && severity === 'error');
      const { line, column } = first ?? { line: 1, column: 1 };
      if (content.missing.some((folder) => path.startsWith(`${folder}/`))) return [];
      return [{ file: path, line, column, severity: 'error', ...words(path, content, first !== undefined) }];
    },
  );
  const problems = [...found, ...notes].sort(byPlace);
  const runbooks = catalog.runbooks.map((runbook) =>
    held.has(runbook.file) ? { ...runbook, problems: problems.filter(({ file }) => file === runbook.file) } : runbook,
  );
  return { catalog: { ...catalog, runbooks, problems }, files };
}

function words(path: string, { missing, files }: Content, own: boolean): Pick<Problem, 'message' | 'hint'> {
  if (missing.some((folder) => folder === path)) {
    const hint = 'To take all of it out on purpose, leave the folder there with a README in it.';
    return { message: 'The folder cannot be read: what was read from it before stays in force.', hint };
  }
  if (own) return { message: 'This version is not taken in: the one read before stays in force.', hint: null };
  const what = files.some((file) => file.path === path) ? 'This version is not taken in' : 'The file is gone';
  const hint = 'Mend the errors in the other files.';
  return { message: `${what}, and what others refer to would go with it: the one read before stays in force.`, hint };
}

function errorsBy({ catalog }: Assembled): Set<string> {
  return new Set(catalog.problems.filter(({ severity }) => severity === 'error').map(({ file }) => file));
}
