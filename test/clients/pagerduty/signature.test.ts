import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { verifySignature } from '#app/clients/pagerduty/signature.server.ts';

const body = Buffer.from('{"event":{"id":"E1","title":"Überlast"}}');
const sign = (secret: string, raw = body) => `v1=${createHmac('sha256', secret).update(raw).digest('hex')}`;

test('any of several signatures under any of several secrets', () => {
  expect(verifySignature(body, sign('new'), ['old', 'new'])).toBe(true);
  expect(verifySignature(body, `${sign('retired')}, ${sign('new')}`, ['new'])).toBe(true);
});

test('a changed byte, another secret, another scheme, a cut or an empty signature do not pass', () => {
  expect(verifySignature(Buffer.concat([body, Buffer.from(' ')]), sign('new'), ['new'])).toBe(false);
  expect(verifySignature(body, sign('guess'), ['new'])).toBe(false);
  expect(verifySignature(body, sign('new').replace('v1', 'v0'), ['new'])).toBe(false);
  expect(verifySignature(body, sign('new').slice(0, -2), ['new'])).toBe(false);
  for (const header of [null, '', 'v1=', 'v1=zz', ','.repeat(1_000)])
    expect(verifySignature(body, header, ['new'])).toBe(false);
});

test('without a secret nothing passes, not even what is signed with an empty one', () => {
  expect(verifySignature(body, sign(''), [''])).toBe(false);
  expect(verifySignature(body, sign('new'), [])).toBe(false);
});
