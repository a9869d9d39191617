import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { contentFolders } from '#app/catalog/content-files.server.ts';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import type { LintCatalog } from '#app/domain/runbook/lint.ts';

/** The Markdown files that a command was pointed at. Paths are absolute. */
export interface RunbookFiles {
  /** The folder that was named, or the folder of the file that was. */
  root: string;
  /** True when a folder was named: then nothing outside of it is known. */
  folder: boolean;
  /** Where a link that starts with a slash is counted from: the catalog around `root`, else `root`. */
  top: string;
  files: string[];
  /** The same, to look them up. */
  paths: ReadonlySet<string>;
  /** What could not be walked, with the reason. */
  unread: { path: string; reason: string }[];
  catalog: LintCatalog | null;
  /** Slugs of the catalog's runbooks. */
  slugs: ReadonlySet<string> | null;
}

const markdown = /\.(?:md|markdown)$/i;
const maxBytes = contentFolders.find(({ folder }) => folder === 'runbooks')!.maxBytes;

/**
 * Finds Markdown below a folder (all of it, in order of paths; hidden folders and node_modules left out), or the one file.
 * The catalog is the one named, else the one that the folder belongs to by its shape, else none.
 */
export async function findRunbooks(place: string, named: string | undefined): Promise<RunbookFiles> {
  const path = resolve(place);
  const facts = await stat(path).catch((error: unknown) => reasonOf(error));
  const folder = typeof facts !== 'string' && facts.isDirectory();
  const root = folder ? path : dirname(path);
  const files: string[] = [];
  const unread: RunbookFiles['unread'] = [];
  if (folder) await walk(path, files, unread);
  else if (typeof facts === 'string') unread.push({ path, reason: facts });
  else files.push(path);
  const dir = named === undefined ? await catalogAround(root) : resolve(named);
  const catalog = dir === null ? null : await namesIn(dir);
  const slugs = catalog && new Set(catalog.slugs);
  return { root, folder, top: dir ?? root, files, paths: new Set(files), unread, catalog, slugs };
}

/** Text of a Markdown file as the console takes it: UTF-8, at most 1 MiB. Otherwise the reason, as a sentence. */
export async function readMarkdown(path: string): Promise<{ text: string; refusal?: never } | { refusal: string }> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) return { refusal: 'This is no file.' };
    const { size } = facts;
    if (size > maxBytes) {
      const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1024).toLocaleString('en')} KB`;
      return { refusal: `The file has ${kilobytes(size)}; at most ${kilobytes(maxBytes)} are read.` };
    }
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path)) };
  } catch (error) {
    return { refusal: error instanceof TypeError ? 'The file is not UTF-8 text.' : reasonOf(error) };
  }
}

/** A path as seen from where the person stands, with slashes. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return (short.startsWith('..') ? path : short || '.').replaceAll('\\', '/');
}

async function walk(folder: string, files: string[], unread: RunbookFiles['unread']): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    unread.push({ path: folder, reason: reasonOf(error) });
    return [];
  });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    // Links to files are followed (that is how a mounted catalog looks), links to folders are not: they may lead in a circle.
    if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') {
      await walk(path, files, unread);
    } else if (!entry.isDirectory() && markdown.test(entry.name)) files.push(path);
  }
}

async function catalogAround(root: string): Promise<string | null> {
  const holds = (dir: string, name: string) =>
    stat(join(dir, name)).then(
      (facts) => facts.isDirectory(),
      () => false,
    );
  if (basename(root) === 'runbooks' && (await holds(dirname(root), 'alerts'))) return dirname(root);
  return (await holds(root, 'runbooks')) && (await holds(root, 'alerts')) ? root : null;
}

async function namesIn(dir: string): Promise<LintCatalog> {
  const { flags, slos, services, endpoints, runbooks } = await readCatalog(dir);
  return { flags, slos, services, endpoints, slugs: runbooks.map(({ slug }) => slug) };
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === 'ENOENT' ? 'There is no such file or folder.' : `It cannot be read: ${code ?? String(error)}.`;
}
