/** A version as SemVer 2.0 orders it. */
interface Version {
  main: number[];
  pre: (number | string)[];
}

const number = '(0|[1-9]\\d*)';
const preId = '(?:\\d*[a-zA-Z-][a-zA-Z0-9-]*|0|[1-9]\\d*)';
const pattern = new RegExp(
  `^v?${number}\\.${number}\\.${number}(?:-(${preId}(?:\\.${preId})*))?(?:\\+[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)*)?$`,
);

/**
 * Order of two SemVer versions: negative, 0 or positive; null when one is no version. Build metadata does not count. A
 * leading v is taken, as the library of the SDKs does.
 */
export function compareVersions(a: string, b: string): number | null {
  const [first, second] = [parse(a), parse(b)];
  if (!first || !second) return null;
  for (const [index, part] of first.main.entries()) if (part !== second.main[index]) return part - second.main[index]!;
  if (first.pre.length === 0 || second.pre.length === 0) return second.pre.length - first.pre.length;
  for (let i = 0; i < Math.max(first.pre.length, second.pre.length); i++) {
    const [x, y] = [first.pre[i], second.pre[i]];
    if (x === y) continue;
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (typeof x === typeof y) return x < y ? -1 : 1;
    return typeof x === 'number' ? -1 : 1;
  }
  return 0;
}

function parse(text: string): Version | null {
  if (text.length > 256) return null;
  const found = pattern.exec(text.trim());
  if (!found) return null;
  const main = found.slice(1, 4).map(Number);
  if (main.some((part) => part > Number.MAX_SAFE_INTEGER)) return null;
  return { main, pre: found[4] ? found[4].split('.').map((id) => (/^\d+$/.test(id) ? Number(id) : id)) : [] };
}
