import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#app/errors.ts';
import { cookieOf, ownPage, type Served, serve } from '../support/http/serve.ts';

let app: Served;
beforeEach(async () => {
  app = await serve();
});
afterEach(() => app.stop());

const post = (path: string, body: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(app.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...ownPage, ...cookieOf('viewer'), ...headers },
    body: new URLSearchParams(body),
  });
const audited = () => app.told.filter(({ what }) => what === 'audit').map((told) => told.with);

describe('one’s own password', () => {
  test('is changed by the old one, and the audit says who did', async () => {
    const response = await post('/password', { current: 'the-old-password', next: 'a-new-long-password' });
    expect(await response.text()).toContain('Your password is changed.');
    expect(audited()).toEqual([
      expect.objectContaining({ action: 'person.password', actor: expect.stringMatching(/@/) }),
    ]);
  });

  test('stays when the old one is wrong: the field says so', async () => {
    app.auth.changePassword = async () => {
      throw new AppError('bad_input', 'This is not your password.', { field: 'current' });
    };
    const response = await post('/password', { current: 'guessed', next: 'a-new-long-password' });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/id="current-error"[^>]*>This is not your password\./);
    expect(audited()).toEqual([]);
  });
});

test('a sign-in leaves a line in the audit', async () => {
  await post('/sign-in', { email: 'Ada@studio.example', password: 'a-long-enough-password' });
  expect(audited()).toEqual([
    expect.objectContaining({
      action: 'session.start',
      actor: 'ada@studio.example',
      target: 'person/ada@studio.example',
    }),
  ]);
});

describe('after the theme is chosen', () => {
  test.each([
    ['/slos?q=voice', '/slos?q=voice'],
    ['//evil.example/x', '/'],
    ['/sign-out', '/'],
  ])('the page %s that asked leads to %s', async (from, to) => {
    const response = await post('/theme', { theme: 'dark' }, { referer: `${app.url}${from}` });
    expect([response.status, response.headers.get('location')]).toEqual([303, to]);
  });

  test.each(['not an address', 'https://evil.example/x'])(
    'a referrer of elsewhere (%s) leads to the overview',
    async (referer) => {
      const response = await post('/theme', { theme: 'dark' }, { referer });
      expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
    },
  );
});
