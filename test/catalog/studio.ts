import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's own catalog. */
export const studioFolder = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the studio's catalog that a test may break. */
export interface StudioCopy {
  dir: string;
  /** Replaces a part of a file; throws when it is not there, so that a test cannot go stale. */
  edit(path: string, from: string, to: string): Promise<void>;
  remove(): Promise<void>;
}

/** Copies the content folders to a folder of their own. */
export async function copyStudio(): Promise<StudioCopy> {
  const dir = await mkdtemp(join(tmpdir(), 'firebreak-catalog-'));
  for (const folder of ['alerts', 'flags', 'dashboards', 'runbooks'])
    await cp(join(studioFolder, folder), join(dir, folder), { recursive: true });
  return {
    dir,
    async edit(path, from, to) {
      const text = await readFile(join(dir, path), 'utf8');
      if (!text.includes(from)) throw new Error(`not in ${path}: ${from}`);
      await writeFile(join(dir, path), text.replace(from, to));
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
