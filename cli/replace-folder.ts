import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './command.ts';

/** In a folder that this command wrote, and may replace. */
const marker = 'written-by-firebreak.txt';

/**
 * Puts a folder in the place of another, whole: whoever reads finds the old pages or the new ones. Throws UsageError for a
 * folder that holds something else.
 */
export async function replaceFolder(dir: string, files: ReadonlyMap<string, string>): Promise<void> {
  const there = await readdir(dir).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') throw new UsageError(`${dir} is a file.`);
    throw error;
  });
  if (there.length > 0 && !there.includes(marker))
    throw new UsageError(`${dir} holds something else, and would be replaced whole. Name a folder of its own.`);
  const [next, last] = ['next', 'last'].map((word) => join(dirname(dir), `.${basename(dir)}.${word}-${process.pid}`));
  try {
    for (const [path, text] of [
      ...files,
      [marker, 'firebreak export --offline replaces this folder whole.\n'],
    ] as const) {
      await mkdir(dirname(join(next!, path)), { recursive: true });
      await writeFile(join(next!, path), text);
    }
    if (there.length > 0) await rename(dir, last!);
    // An empty folder is taken over by the rename itself.
    await rename(next!, dir).catch(async (error: unknown) => {
      if (there.length > 0) await rename(last!, dir);
      throw error;
    });
  } finally {
    await rm(next!, { recursive: true, force: true });
    await rm(last!, { recursive: true, force: true });
  }
}
