import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readContent } from '#app/catalog/content-files.server.ts';
import type { DeclarationEdit } from '#app/domain/flag/reconcile.ts';

/** Writes values into the files that declare these flags; comments, order and other documents stay. Answers what was written where. */
export async function editFlagFiles(
  folder: string,
  edits: readonly DeclarationEdit[],
): Promise<(DeclarationEdit & { file: string })[]> {
  const written: (DeclarationEdit & { file: string })[] = [];
  for (const { folder: kind, path } of (await readContent(folder)).files) {
    if (kind !== 'flags') continue;
    const place = join(folder, path);
    const documents = parseAllDocuments(await readFile(place, 'utf8'), { keepSourceTokens: true });
    if (!Array.isArray(documents)) continue;
    const own = documents.flatMap((document) =>
      edits
        .filter(({ flag }) => document.getIn(['metadata', 'name']) === flag)
        .map((edit) => {
          document.setIn(edit.path, edit.value);
          return { ...edit, file: path };
        }),
    );
    if (own.length === 0) continue;
    await writeFile(place, documents.map((document) => document.toString({ lineWidth: 120 })).join(''));
    written.push(...own);
  }
  return written;
}
