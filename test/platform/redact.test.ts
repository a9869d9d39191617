import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog } from '#app/platform/log.ts';
import { createRedactor } from '#app/platform/redact.ts';
import { createResilience } from '#app/platform/resilience.ts';

/** Every way a secret may be written down. */
function forms(secret: string): string[] {
  const wellFormed = secret.toWellFormed();
  const base64 = Buffer.from(wellFormed).toString('base64');
  return [
    secret,
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(wellFormed).toString('base64url'),
    Buffer.from(`user:${wellFormed}`).toString('base64'),
    encodeURIComponent(wellFormed),
    new URLSearchParams({ key: wellFormed }).toString(),
    JSON.stringify(secret),
    JSON.stringify(JSON.stringify(secret)),
  ];
}

const secretText = fc.string({ minLength: 6, maxLength: 60, unit: 'binary' });
// What the mark itself says is no secret anybody keeps.
const secrets = fc.array(
  secretText.filter((text) => !'[redacted]'.includes(text) && text.trim().length >= 6),
  { minLength: 1, maxLength: 6 },
);

function redactorOf(all: readonly string[]) {
  const redactor = createRedactor();
  for (const secret of all) redactor.add(secret);
  return redactor;
}

describe('no registered secret', () => {
  test('is left in a text, in whatever form', () => {
    fc.assert(
      fc.property(secrets, fc.string({ unit: 'binary' }), (all, around) => {
        const redactor = redactorOf(all);
        for (const secret of all) {
          for (const form of forms(secret)) {
            const out = redactor.text(`${around}${form}${around}`);
            expect(out.replaceAll(around, '')).not.toContain(secret);
            expect(redactor.text(form)).toContain('[redacted]');
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('reaches the log, wherever in a line it stands', () => {
    fc.assert(
      fc.property(secrets, (all) => {
        const lines: string[] = [];
        const log = createLog('info', redactorOf(all), { write: (line) => lines.push(line) });
        for (const secret of all) {
          for (const form of forms(secret)) {
            const error = new Error(form, { cause: new Error(form) });
            log.error({ err: error, deep: { list: [form] }, text: JSON.stringify({ form }) }, form);
          }
        }
        for (const line of lines) {
          const parsed = JSON.parse(line) as object;
          for (const secret of all) expect(leaves(parsed).some((text) => text.includes(secret))).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('comes back in the words of an outside error', async () => {
    const redactor = redactorOf(['a-token-that-is-secret']);
    const unleash = createResilience({ system: 'Unleash', retries: 0, redact: redactor.text });
    const refuse = async () => {
      throw new Error('unknown token a-token-that-is-secret');
    };
    await expect(unleash.read(refuse)).rejects.toThrow('Unleash: unknown token [redacted]');
    await expect(unleash.write(refuse)).rejects.toThrow('Unleash: unknown token [redacted]');
    expect(unleash.stats().lastError?.text).not.toContain('a-token');
  });
});

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(leaves) : [];
}

test('a secret that begins another one does not leave its tail', () => {
  const redactor = redactorOf(['secret-a', 'secret-a-and-more']);
  expect(redactor.text('x secret-a-and-more y')).toBe('x [redacted] y');
});

test('short values are no secrets, and nothing registered changes nothing', () => {
  const redactor = createRedactor();
  for (const none of ['', 'short', null, undefined]) redactor.add(none);
  expect(redactor.text('a short text')).toBe('a short text');
});

test.each([
  ['Authorization: Bearer abcdef123456ghijkl', 'Authorization: Bearer [redacted]'],
  ['Authorization: Token token=y_NbAkKc66ryYTWUXYEu', 'Authorization: Token token= [redacted]'],
  ['"authorization":"Basic dXNlcjpwYXNz"', '"authorization":"Basic [redacted]"'],
  [`X-PagerDuty-Signature: v1=${'ab'.repeat(32)}`, 'X-PagerDuty-Signature: [redacted]'],
  ['connect to postgres://me:hunter2@db/x failed', 'connect to postgres://me:[redacted]@db/x failed'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', '[redacted]'],
  [`key fb_${'Aa0_'.repeat(10)} refused`, 'key [redacted] refused'],
])('knows a secret by its looks: %s', (text, redacted) => {
  expect(createRedactor().text(text)).toBe(redacted);
});

test.each([
  'Bearer authentication is required',
  'Basic understanding of budgets',
  'postgres://db.internal/firebreak is up',
  'Cloud Run revision voice-00042-abc serves 100 %',
])('leaves words alone: %s', (text) => {
  expect(createRedactor().text(text)).toBe(text);
});

test('what was JSON stays JSON', () => {
  const line = JSON.stringify({
    url: 'postgres://a:b',
    key: '-----BEGIN PRIVATE KEY-----',
    next: 'x@y',
    end: '-----END PRIVATE KEY-----',
  });
  expect(JSON.parse(createRedactor().text(line))).toEqual(JSON.parse(line));
});
