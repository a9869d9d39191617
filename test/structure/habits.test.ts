import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { lineOf, root, sourceFiles, withoutComments } from './source-files.ts';

function places(pattern: RegExp, ...folders: string[]): string[] {
  return sourceFiles(...folders).flatMap(({ path, text }) => {
    const code = withoutComments(text);
    return [...code.matchAll(pattern)].map((match) => `${path}:${lineOf(code, match.index)} ${match[0]}`);
  });
}

test('one module reads the environment', () => {
  const readers = places(/\bprocess\.env\b|\bimport\.meta\.env\b/g, 'app');
  expect(readers.filter((place) => !place.startsWith('app/config.server.ts:'))).toEqual([]);
});

test('the rules know no clock and no chance', () => {
  const found = places(/\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bprocess\./g, 'app/domain');
  expect(found).toEqual([]);
});

test('no code of the console names a service or flag of the studio', async () => {
  const catalog = await readCatalog(root);
  const names = [...catalog.services.map(({ id }) => id), ...catalog.flags.map(({ name }) => name), 'film-studio'];
  expect(names.length).toBeGreaterThan(10);
  expect(places(new RegExp(`\\b(?:${names.join('|')})\\b`, 'gi'), 'app')).toEqual([]);
});

test('every dependency is pinned exactly, and the lockfile agrees', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages[''];
  const pins: Record<string, string> = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.overrides };
  const loose = Object.entries(pins).filter(
    ([, version]) => !/^(npm:(@[\w-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
  expect(lock.dependencies).toEqual(manifest.dependencies);
  expect(lock.devDependencies).toEqual(manifest.devDependencies);
});

test('files have kebab-case names, and there is no drawer', () => {
  const files = sourceFiles('app', 'cli', 'simulator', 'scripts');
  // Routes follow the router's own grammar: dots are slashes, $ is a parameter, _ a layout, brackets escape.
  const wrong = files.filter(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const grammar = path.startsWith('app/routes/')
      ? /^[a-z0-9$_.[\]-]+\.tsx?$/
      : /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.\w+$/;
    return !grammar.test(name) || /(^|\/)(utils?|helpers?|misc|common)(\/|\.ts)/.test(path);
  });
  expect(wrong.map(({ path }) => path)).toEqual([]);
});
