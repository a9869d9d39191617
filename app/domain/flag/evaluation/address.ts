/** An IP address or network: its bits as one number, how many of them name the network, and of how many. */
interface Address {
  bits: bigint;
  prefix: number;
  width: 32 | 128;
}

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const dotted = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}$`);

/** True when `address` is one of the IPv4 addresses and networks in `ranges`, as the strategy remoteAddress compares. */
export function inIp4Ranges(address: string, ranges: readonly string[]): boolean {
  const asked = parseIp4(address);
  return ranges.some((text) => {
    const range = parseIp4(text);
    return text === address || (asked !== null && range !== null && within(asked, range));
  });
}

/** True when `address` is in one of the IPv4 or IPv6 networks `ranges`, as the operator IN_CIDR compares. */
export function inCidr(address: string, ranges: readonly string[]): boolean {
  const parse = parseIp4(address) ? parseIp4 : parseIp6;
  const asked = parse(address);
  if (!asked) return false;
  return ranges.some((text) => {
    const range = parse(text);
    return range !== null && (range.bits === asked.bits || within(asked, range));
  });
}

function within(asked: Address, range: Address): boolean {
  const shift = BigInt(range.width - range.prefix);
  return asked.prefix >= range.prefix && asked.bits >> shift === range.bits >> shift;
}

function parseIp4(text: string): Address | null {
  const suffix = /\/(\d{1,2})$/.exec(text);
  const prefix = suffix ? Number(suffix[1]) : 32;
  const found = dotted.exec(suffix ? text.slice(0, suffix.index) : text);
  if (!found || prefix > 32) return null;
  return { bits: join(found.slice(1).map(Number), 8), prefix, width: 32 };
}

function parseIp6(text: string): Address | null {
  const suffix = /\/(\d{1,3})(?=%|$)/.exec(text);
  const prefix = suffix ? Number(suffix[1]) : 128;
  let rest = suffix ? text.replace(suffix[0], '') : text;
  if (rest.includes('/')) return null;
  // A zone names a network card of the machine and does not count.
  const zone = rest.indexOf('%');
  if (zone >= 0 && !/[\n\r\u2028\u2029]/.test(rest)) rest = rest.slice(0, zone);
  const groups = groupsOf(rest);
  if (!groups || prefix > 128) return null;
  return { bits: join(groups, 16), prefix, width: 128 };
}

/** The eight groups of an IPv6 address; its end may be written as an IPv4 address. */
function groupsOf(text: string): number[] | null {
  const v4 = /(^|:)([\d.]+)$/.exec(text);
  const tail = v4?.[2]?.includes('.') ? dotted.exec(v4[2]) : null;
  const [a = 0, b = 0, c = 0, d = 0] = tail?.slice(1).map(Number) ?? [];
  const hex = tail
    ? `${text.slice(0, text.length - tail[0].length)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
    : text;
  const halves = hex.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const [first = [], last] = halves;
  const given = first.length + (last?.length ?? 0);
  if (halves.length > 2 || (last ? given > 7 : given !== 8)) return null;
  const all = last ? [...first, ...Array<string>(8 - given).fill('0'), ...last] : first;
  return all.every((group) => /^[\da-f]{1,4}$/i.test(group)) ? all.map((group) => Number.parseInt(group, 16)) : null;
}

function join(parts: number[], width: number): bigint {
  return parts.reduce((bits, part) => (bits << BigInt(width)) | BigInt(part), 0n);
}
