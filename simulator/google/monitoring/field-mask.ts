import { invalid } from './validate.ts';

/**
 * `before` with the fields that a mask names taken from `given`; an empty mask takes all. Paths are as in protocol
 * buffers: `display_name`, `documentation.content`, `user_labels.key`. A path that names no field is INVALID_ARGUMENT.
 */
export function applyMask<T extends object>(before: T, given: T, paths: readonly string[]): T {
  if (paths.length === 0) return given;
  const after = structuredClone(before);
  for (const path of paths) {
    const [first = '', ...rest] = path.split('.');
    const key = first.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (/[A-Z]/.test(first) || !(key in given) || rest.length > 1)
      throw invalid('update_mask', path, 'names no field of the resource.');
    copy(after as Record<string, unknown>, given as Record<string, unknown>, key, rest[0]);
  }
  return after;
}

function copy(after: Record<string, unknown>, given: Record<string, unknown>, key: string, inner?: string): void {
  if (inner === undefined) {
    after[key] = given[key];
    return;
  }
  const [from, to] = [given[key], after[key]].map(
    (value) => ({ ...(value as object | null) }) as Record<string, unknown>,
  );
  if (inner in from!) to![inner] = from![inner];
  else delete to![inner];
  after[key] = to;
}
