import { describe, expect, test } from 'vitest';
import { type Import, importsOf } from './imports.ts';
import { offence } from './rule.ts';
import { type SourceFile, sourceFiles } from './source-files.ts';

const places = ['app', 'simulator', 'cli', 'scripts', 'server.ts'];

function offences(files: SourceFile[]): string[] {
  return files.flatMap(importsOf).flatMap((found) => {
    const wrong = offence(found);
    return wrong ? [`${found.file}:${found.line} imports ${found.specifier} (${wrong})`] : [];
  });
}

describe('who may import whom', () => {
  test('no file imports what its layer may not', () => {
    expect(offences(sourceFiles(...places))).toEqual([]);
  });

  test('relative imports carry their real extension', () => {
    const bare = sourceFiles(...places)
      .flatMap(importsOf)
      .filter(({ target }) => target !== null && !/\.(ts|tsx|js|mjs|json|css)(\?\w+)?$/.test(target));
    expect(bare.map(({ file, line, specifier }) => `${file}:${line} ${specifier}`)).toEqual([]);
  });

  test('the nouns of domain form no circle', () => {
    expect(circles(sourceFiles('app/domain').flatMap(importsOf))).toEqual([]);
  });

  test('no two files of components look at each other, not even for a type', () => {
    const imports = sourceFiles('app/components').flatMap(importsOf);
    const back = (one: Import) => imports.some(({ file, target }) => file === one.target && target === one.file);
    expect(imports.filter(back).map(({ file, line, specifier }) => `${file}:${line} ${specifier}`)).toEqual([]);
  });
});

describe('the rule itself', () => {
  const says = (path: string, text: string) => offences([{ path, text }]);

  test.each([
    ['app/domain/slo/burn.ts', "import { readFile } from 'node:fs/promises';"],
    ['app/domain/slo/burn.ts', "import { Pool } from 'pg';"],
    ['app/domain/slo/burn.ts', "import type { Log } from '../../platform/log.ts';"],
    ['app/routes/slos.tsx', "import { poll } from '#app/engine/poll.server.ts';"],
    ['app/routes/slos.tsx', "import { loader } from './overview.tsx';"],
    ['app/routes/slos.tsx', "export { read } from '../clients/unleash/read.server.ts';"],
    ['app/routes/slos.tsx', "const m = await import('../actions/flag-kill.server.ts');"],
    ['app/components/ui/button.tsx', "import { paths } from '../../paths.ts';"],
    ['app/components/burn.tsx', "import { stores } from '../stores/stores.ts';"],
    ['app/stores/run/runs.server.ts', "import '../../engine/loop.server.ts';"],
    ['app/engine/poll/flags.server.ts', "import { write } from '../../clients/unleash/write.server.ts';"],
    ['app/engine/loop.server.ts', "import {\n  start,\n} from '../context.server.ts';"],
    ['simulator/main.ts', "import { createLog } from '#app/platform/log.ts';"],
    ['server.ts', "import { start } from './app/context.server.ts';"],
    ['elsewhere/x.ts', "import { a } from '#app/paths.ts';"],
  ])('%s may not: %s', (path, text) => {
    expect(says(path, text)).toHaveLength(1);
  });

  test.each([
    ['app/domain/slo/burn.ts', "import { z } from 'zod';\nimport { tiers } from './slo.ts';"],
    ['app/actions/flag-kill.ts', "import { write } from '../clients/unleash/write.server.ts';"],
    ['app/engine/deliver/pages.server.ts', "import { write } from '../../clients/pagerduty/write.server.ts';"],
    ['app/platform/db.server.ts', "import type { Database } from '../stores/schema.ts';"],
    ['app/platform/db.server.ts', "import { type Database } from '../stores/schema.ts';"],
    ['simulator/main.ts', "import { fileClock } from '#app/platform/clock-file.ts';"],
    [
      'app/routes/slos.tsx',
      "// import { x } from '../engine/loop.server.ts';\n/*\nimport { y } from '../engine/y.ts';\n*/",
    ],
    ['app/routes/slos.tsx', "export const text = 'import x from somewhere';"],
  ])('%s may: %s', (path, text) => {
    expect(says(path, text)).toEqual([]);
  });

  test('names the line of the import', () => {
    const text = "import { z } from 'zod';\n\nimport {\n  a,\n  b,\n} from '../engine/x.ts';\n";
    expect(says('app/routes/a.tsx', text)[0]).toMatch(/^app\/routes\/a\.tsx:3 imports \.\.\/engine\/x\.ts/);
  });

  test('finds a circle between nouns', () => {
    const files = [
      { path: 'app/domain/a/x.ts', text: "import { y } from '../b/y.ts';" },
      { path: 'app/domain/b/y.ts', text: "import { z } from '../c/z.ts';" },
      { path: 'app/domain/c/z.ts', text: "import { x } from '../a/x.ts';" },
    ];
    expect(circles(files.flatMap(importsOf))).toEqual(['a → b → c → a']);
  });
});

/** Circles of nouns by what they import at run time; types may look both ways. */
function circles(imports: Import[]): string[] {
  const noun = (path: string) => path.split('/')[2] ?? '';
  const edges = new Map<string, Set<string>>();
  for (const { file, target, typeOnly } of imports) {
    if (typeOnly || target === null || !target.startsWith('app/domain/') || noun(file) === noun(target)) continue;
    edges.set(noun(file), (edges.get(noun(file)) ?? new Set()).add(noun(target)));
  }
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (at: string, trail: string[]) => {
    if (trail.includes(at)) {
      found.push([...trail.slice(trail.indexOf(at)), at].join(' → '));
      return;
    }
    if (done.has(at)) return;
    for (const next of edges.get(at) ?? []) visit(next, [...trail, at]);
    done.add(at);
  };
  for (const start of [...edges.keys()].sort()) visit(start, []);
  return found;
}
