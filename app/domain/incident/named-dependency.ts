import type { ErrorLines } from './observed.ts';

/** A dependency that error lines speak of: how many of how many lines since the onset. */
export interface NamedDependency {
  id: string;
  lines: number;
  of: number;
}

/** Lines that must name it before it is worth saying. */
const least = 10;

/** The dependency that most error lines since the onset name, by its id or its title; null when none is in most of them. */
export function namedDependency(
  lines: ErrorLines | null,
  dependencies: readonly { id: string; title: string }[],
): NamedDependency | null {
  const after = lines?.after ?? [];
  const of = after.reduce((sum, { count }) => sum + count, 0);
  for (const { id, title } of dependencies) {
    const names = (message: string) => [id, title].some((name) => holdsWord(message.toLowerCase(), name.toLowerCase()));
    const named = after.reduce((sum, { message, count }) => sum + (names(message) ? count : 0), 0);
    if (named >= least && named > of / 2) return { id, lines: named, of };
  }
  return null;
}

/** The name not inside a longer one: "db" is not in "studio-db". */
function holdsWord(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!/[\w-]/.test(text[at - 1] ?? ' ') && !/[\w-]/.test(text[at + name.length] ?? ' ')) return true;
  }
  return false;
}
