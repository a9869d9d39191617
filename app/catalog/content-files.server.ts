import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentFile } from '../domain/catalog.ts';
import type { Problem } from '../domain/runbook/runbook.ts';

/** The content folders and the files that are read in each. Other files (a README, an image) are left alone. */
export const contentFolders = [
  { folder: 'alerts', pattern: /\.ya?ml$/, maxBytes: 512 * 1024 },
  { folder: 'dashboards', pattern: /\.(json|console\.ya?ml)$/, maxBytes: 2 * 1024 * 1024 },
  { folder: 'flags', pattern: /\.ya?ml$/, maxBytes: 512 * 1024 },
  { folder: 'runbooks', pattern: /\.(md|rehearsal\.ya?ml)$/, maxBytes: 1024 * 1024 },
] as const;

const maxFiles = 2000;

/** All content files of a catalog in order of their paths, with a SHA-256 (hex) over names, bytes and what could not be read. */
export interface Content {
  files: ContentFile[];
  /** Folders that are not there, or cannot be listed. */
  missing: ContentFile['folder'][];
  digest: string;
  problems: Problem[];
}

/** Reads the content folders of `dir`. Never throws: a file that cannot be read is a problem and is left out. */
export async function readContent(dir: string): Promise<Content> {
  const files: ContentFile[] = [];
  const missing: ContentFile['folder'][] = [];
  const problems: Problem[] = [];
  const hash = createHash('sha256');
  const report = (file: string, message: string, hint: string | null) => {
    hash.update(`${file}\0${message}\n`);
    problems.push({ file, line: 1, column: 1, severity: 'error', message, hint });
  };
  for (const { folder, pattern, maxBytes } of contentFolders) {
    const names = await listFolder(join(dir, folder));
    if (names === null) {
      missing.push(folder);
      hash.update(`${folder}\0missing\n`);
      continue;
    }
    const wanted = names.filter((name) => pattern.test(name) && !name.startsWith('.'));
    if (wanted.length > maxFiles)
      report(folder, `The folder holds ${wanted.length} files; the first ${maxFiles} are read.`, 'Split the catalog.');
    for (const name of wanted.slice(0, maxFiles)) {
      const path = `${folder}/${name}`;
      try {
        const { size } = await stat(join(dir, path));
        if (size > maxBytes) {
          report(path, `The file has ${kilobytes(size)}; at most ${kilobytes(maxBytes)} are read.`, 'Split the file.');
          continue;
        }
        const bytes = await readFile(join(dir, path));
        const digest = createHash('sha256').update(bytes).digest('hex');
        hash.update(`${path}\0${digest}\n`);
        files.push({
          folder,
          path,
          text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
          digest,
        });
      } catch (error) {
        const notText = error instanceof TypeError;
        report(path, notText ? 'The file is not UTF-8 text.' : `The file cannot be read: ${reason(error)}.`, null);
      }
    }
  }
  if (missing.length === contentFolders.length)
    report(
      dir,
      'There is no catalog here.',
      'A catalog is a folder with alerts/, flags/, runbooks/ and dashboards/ in it.',
    );
  return { files, missing, digest: hash.digest('hex'), problems };
}

/** Names, sizes and times of the content files in one line, to notice a change without reading them. */
export async function contentSignature(dir: string): Promise<string> {
  const parts: string[] = [];
  for (const { folder, pattern } of contentFolders) {
    for (const name of ((await listFolder(join(dir, folder))) ?? []).filter((name) => pattern.test(name))) {
      const facts = await stat(join(dir, folder, name)).catch(() => null);
      parts.push(`${folder}/${name}:${facts ? `${facts.size}:${facts.mtimeMs}:${facts.ino}` : 'gone'}`);
    }
  }
  return parts.join('\n');
}

async function listFolder(path: string): Promise<string[] | null> {
  return readdir(path).then(
    (names) => names.sort(),
    () => null,
  );
}

const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1024).toLocaleString('en')} KB`;

function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? String(error);
}
