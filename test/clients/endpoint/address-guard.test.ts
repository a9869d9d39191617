import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressKind, literalAddress } from '#app/clients/endpoint/address-guard.ts';

test.each([
  ['8.8.8.8', 'public'],
  ['2606:4700::1111', 'public'],
  ['::ffff:8.8.8.8', 'public'],
  ['127.0.0.1', 'internal'],
  ['10.1.2.3', 'internal'],
  ['172.31.255.255', 'internal'],
  ['172.32.0.1', 'public'],
  ['192.168.0.1', 'internal'],
  ['100.64.0.1', 'internal'],
  ['0.0.0.0', 'internal'],
  ['224.0.0.1', 'internal'],
  ['255.255.255.255', 'internal'],
  ['::1', 'internal'],
  ['::', 'internal'],
  ['::ffff:127.0.0.1', 'internal'],
  ['::ffff:7f00:1', 'internal'],
  ['fc00::1', 'internal'],
  ['64:ff9b::7f00:1', 'internal'],
  ['2002:7f00:1::', 'internal'],
  ['169.254.169.254', 'never'],
  ['::ffff:169.254.169.254', 'never'],
  ['fe80::1', 'never'],
  ['fd00:ec2::254', 'never'],
  ['fd20:ce::254', 'never'],
  ['fd20::1', 'internal'],
  ['64:ff9b::a9fe:a9fe', 'never'],
  ['64:ff9b::100.100.100.200', 'never'],
  ['64:ff9b::808:808', 'internal'],
  ['::ffff:0:a9fe:a9fe', 'never'],
  ['::ffff:0:7f00:1', 'never'],
  ['0:0:0:0:0:ffff:127.0.0.1', 'internal'],
  ['0:0:0:0:0:ffff:8.8.8.8', 'public'],
  ['not an address', 'never'],
])('%s is %s', (address, kind) => {
  expect(addressKind(address)).toBe(kind);
});

test('an IPv4 address is judged the same however IPv6 writes it', () => {
  const octet = fc.nat(255);
  fc.assert(
    fc.property(octet, octet, octet, octet, (a, b, c, d) => {
      const hex = (high: number, low: number) => ((high << 8) | low).toString(16);
      const kind = addressKind(`${a}.${b}.${c}.${d}`);
      expect(addressKind(`::ffff:${a}.${b}.${c}.${d}`)).toBe(kind);
      expect(addressKind(`::ffff:${hex(a, b)}:${hex(c, d)}`)).toBe(kind);
    }),
  );
});

test.each(['http://2130706433/', 'http://0x7f.1/', 'http://127.1/', 'http://0177.0.0.1/'])(
  '%s is this machine',
  (url) => {
    expect(literalAddress(new URL(url))).toBe('127.0.0.1');
  },
);

test('a name is no literal address', () => {
  expect(literalAddress(new URL('https://hooks.example.com/'))).toBeNull();
  expect(literalAddress(new URL('https://[::ffff:127.0.0.1]/'))).toBe('::ffff:7f00:1');
});
