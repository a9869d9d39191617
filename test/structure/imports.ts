import { posix } from 'node:path';
import { lineOf, type SourceFile, withoutComments } from './source-files.ts';

/** One import of a file. `target` is a path of the repository, or null for a package, whose name is `specifier`. */
export interface Import {
  file: string;
  line: number;
  specifier: string;
  target: string | null;
  /** True when nothing of it is left at run time. */
  typeOnly: boolean;
}

const statement = /^(import|export)(\s+type\b)?([^;'"`()]*?)\bfrom\s*['"]([^'"]+)['"]/gm;
const sideEffect = /^import\s*['"]([^'"]+)['"]/gm;
const dynamic = /\bimport\(\s*['"]([^'"]+)['"]\s*\)(\.\w)?/g;

/** Every import, re-export and dynamic import of a file, in order of its lines. */
export function importsOf(file: SourceFile): Import[] {
  const text = withoutComments(file.text);
  const found: Import[] = [];
  const add = (offset: number, specifier: string, typeOnly: boolean) =>
    found.push({
      file: file.path,
      line: lineOf(text, offset),
      specifier,
      target: resolve(file.path, specifier),
      typeOnly,
    });
  for (const match of text.matchAll(statement)) add(match.index, match[4]!, Boolean(match[2]) || onlyTypes(match[3]!));
  for (const match of text.matchAll(sideEffect)) add(match.index, match[1]!, false);
  for (const match of text.matchAll(dynamic)) add(match.index, match[1]!, false);
  return found.sort((a, b) => a.line - b.line);
}

/** `{ type A, type B }` leaves nothing at run time. */
function onlyTypes(clause: string): boolean {
  const names = /^\s*\{([\s\S]*)\}\s*$/
    .exec(clause)?.[1]
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return names !== undefined && names.length > 0 && names.every((name) => name.startsWith('type '));
}

function resolve(from: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(from), specifier));
  return null;
}
