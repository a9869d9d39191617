import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Terminal } from './command.ts';
import { placeOf } from './input-files.ts';

/** The YAML files that a person means: files as they are, of a catalog its `alerts/`, of any other folder all below it. */
export async function sloFilesIn(
  places: readonly string[],
  terminal: Pick<Terminal, 'env'>,
): Promise<{ files: string[]; folder: boolean }> {
  const files: string[] = [];
  let folder = false;
  for (const place of places) {
    const path = placeOf(place, terminal);
    if (!(await isFolder(path))) files.push(place);
    else {
      folder = true;
      const alerts = join(path, 'alerts');
      const [root, shown] = (await isFolder(alerts)) ? [alerts, join(place, 'alerts')] : [path, place];
      // A folder that may not be read goes on as a file, which says so when it is opened.
      const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => null);
      if (entries === null) {
        files.push(shown);
        continue;
      }
      const found = entries
        .filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name))
        .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
        .filter((name) => !name.split('/').some((part) => part.startsWith('.') || part === 'node_modules'));
      files.push(...found.sort().map((name) => join(shown, name)));
    }
  }
  return { files, folder };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}
