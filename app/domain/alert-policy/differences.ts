/** One value that is not as it should be; undefined where there is none. */
export interface Difference {
  /** Where: `conditions[0].conditionThreshold.thresholdValue`. */
  path: string;
  from: unknown;
  to: unknown;
}

/** Every value in which two plain values differ, by path, in order. */
export function differences(from: unknown, to: unknown, path = ''): Difference[] {
  if (from === to) return [];
  if (isTree(from) && isTree(to) && Array.isArray(from) === Array.isArray(to)) {
    const [a, b] = [from, to] as [Record<string, unknown>, Record<string, unknown>];
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return keys.flatMap((key) => differences(own(a, key), own(b, key), inner(path, key, Array.isArray(from))));
  }
  return [{ path, from, to }];
}

const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null;

const own = (value: Record<string, unknown>, key: string) => (Object.hasOwn(value, key) ? value[key] : undefined);

function inner(path: string, key: string, list: boolean): string {
  return list ? `${path}[${key}]` : path ? `${path}.${key}` : key;
}
