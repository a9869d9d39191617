import { BlockList, isIP } from 'node:net';

/** Never called, whoever allows it: link-local addresses, where clouds keep their machines' credentials. */
const never = blockList([
  ['169.254.0.0', 16, 'ipv4'],
  ['100.100.100.200', 32, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
  ['fd00:ec2::', 32, 'ipv6'],
  ['fd20:ce::', 32, 'ipv6'],
  // IPv4 inside IPv6: the same addresses through a NAT64, and a translation that nothing public uses.
  ['64:ff9b::a9fe:0', 112, 'ipv6'],
  ['64:ff9b::6464:64c8', 128, 'ipv6'],
  ['::ffff:0:0:0', 96, 'ipv6'],
]);

/** Called only where the operator allows the host: this machine, private networks, and what is no host at all. */
const internal = blockList([
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
]);

/** The public part of IPv6, and what stands in it for something else: tunnels, translations, documentation. */
const publicIpv6 = blockList([['2000::', 3, 'ipv6']]);
const notPublicIpv6 = blockList([
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
]);

const mapped = blockList([['::ffff:0:0', 96, 'ipv6']]);

/** Where an address leads: the internet, a network of ours, or where nobody may ask. Anything that is no address counts as `never`. */
export function addressKind(address: string): 'public' | 'internal' | 'never' {
  const version = isIP(address);
  if (version === 0) return 'never';
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (never.check(address, family)) return 'never';
  if (internal.check(address, family)) return 'internal';
  if (version === 4) return 'public';
  // A mapped IPv4 address was judged by the IPv4 ranges above.
  if (mapped.check(address, 'ipv6')) return 'public';
  return publicIpv6.check(address, 'ipv6') && !notPublicIpv6.check(address, 'ipv6') ? 'public' : 'internal';
}

/** The literal address of a URL's host, as it would be connected to; null for a name. The URL parser has turned `0x7f.1` into `127.0.0.1`. */
export function literalAddress(url: URL): string | null {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? null : host;
}

function blockList(ranges: [string, number, 'ipv4' | 'ipv6'][]): BlockList {
  const list = new BlockList();
  for (const [net, prefix, family] of ranges) list.addSubnet(net, prefix, family);
  return list;
}
