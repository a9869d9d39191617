import { describe, expect, test } from 'vitest';
import { unsentFor } from '#app/domain/unsent/unsent.ts';
import { manualClock } from '#app/platform/clock.ts';
import { createUnsentCookie } from '#app/platform/http/unsent-cookie.server.ts';

const clock = manualClock(1_000);
const made = (secret = 'a secret of the tests, long enough', secure = false) =>
  createUnsentCookie({ secret, secure, clock });
const cookie = made();
const pair = (setCookie: string) => setCookie.split(';')[0]!;
const form: [string, string][] = [
  ['intent', 'skip'],
  ['reason', 'Übermorgen ist früh genug; wir warten.'],
  ['slo', 'a'],
  ['slo', 'b'],
];
const kept = () => cookie.keep('ada@studio.example', '/runs/1', form);

describe('the cookie of a form that was not sent', () => {
  test('gives the form back as it was, among other cookies', () => {
    expect(cookie.read(`theme=dark; ${pair(kept())}; zone=UTC`)).toMatchObject({
      ...{ person: 'ada@studio.example', path: '/runs/1', fields: form, cut: false },
    });
  });

  test('shows nothing of it, and no script can read it', () => {
    expect(kept()).toMatch(/; Max-Age=900; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(Buffer.from(pair(kept()).split('=')[1]!, 'base64url').toString('latin1')).not.toMatch(/ada|skip|runs/);
    expect(made('a secret of the tests, long enough', true).keep('a', '/', [])).toMatch(
      /^__Host-firebreak-unsent=.*; Secure$/,
    );
  });

  test('is over after its time', () => {
    const set = pair(kept());
    clock.advance(unsentFor - 1);
    expect(cookie.read(set)).not.toBeNull();
    clock.advance(1);
    expect(cookie.read(set)).toBeNull();
  });

  test('opens for nobody who forges it, and not with another secret', () => {
    const [name, value] = pair(kept()).split('=') as [string, string];
    const forged = Buffer.from(value, 'base64url');
    forged[40]! ^= 1;
    expect(cookie.read(`${name}=${forged.toString('base64url')}`)).toBeNull();
    expect(made('another secret of the tests, as long').read(pair(kept()))).toBeNull();
    for (const odd of ['', 'x', 'AAAA']) expect(cookie.read(`${name}=${odd}`)).toBeNull();
    expect(cookie.read(undefined)).toBeNull();
  });

  test('holds a long note in words; of what does not fit the longest is left out', () => {
    const note = Array.from({ length: 700 }, (_, index) => `word${(index * 7919) % 613}`)
      .join(' ')
      .slice(0, 4_000);
    const long = cookie.keep('ada@studio.example', '/runs/1', [...form, ['text', note]]);
    expect(long.length).toBeLessThan(4_096);
    expect(cookie.read(pair(long))).toMatchObject({ cut: false });
    const noise = Array.from({ length: 4_000 }, (_, index) => String.fromCharCode(0x4e00 + ((index * 7919) % 20_011)));
    const cut = cookie.keep('ada@studio.example', '/runs/1', [...form, ['text', noise.join('')]]);
    expect(cut.length).toBeLessThan(4_096);
    expect(cookie.read(pair(cut))).toMatchObject({ fields: form, cut: true });
  });
});
