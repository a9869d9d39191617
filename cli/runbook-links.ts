import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { FindPage } from '#app/domain/runbook/markdown/links.ts';
import { slugOf } from '#app/domain/runbook/parse.ts';
import type { RunbookFiles } from './runbook-files.ts';

/** Name of a file's page below the folder of pages: `team/burn.md` is `team/burn.html`. */
export function pageName(root: string, file: string): string {
  return `${relative(root, file).replaceAll('\\', '/').replace(/\.md$/i, '')}.html`;
}

/** Leads the links of `file` to the pages of other files: those of the named folder, or beside a single file whatever is there. */
export function pagesAround(all: RunbookFiles, file: string): FindPage {
  const from = dirname(resolve('/', pageName(all.root, file)));
  return (path) => {
    const target = resolve(all.top, path);
    if (!(all.folder ? all.paths.has(target) : existsSync(target))) return null;
    const href = relative(from, resolve('/', pageName(all.root, target)));
    const written = href.split(/[/\\]/).map(encodeURIComponent).join('/');
    return { slug: slugOf(target), href: written.startsWith('../') ? written : `./${written}` };
  };
}
