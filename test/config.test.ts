import { expect, test } from 'vitest';
import { ConfigError, readConfig, secretsOf } from '#app/config.server.ts';

const needed = {
  FIREBREAK_SECRET: 'a-secret-that-has-32-characters-!',
  DATABASE_URL: 'postgres://firebreak:p%40ss-word@db.internal/firebreak',
  UNLEASH_URL: 'https://unleash.example/',
  UNLEASH_ADMIN_TOKEN: '*:*.admin-token',
  UNLEASH_CLIENT_TOKEN: 'default:production.client-token',
  PAGERDUTY_API_TOKEN: 'pd-api-token',
  PAGERDUTY_ROUTING_KEY: 'pd-routing-key',
  PAGERDUTY_WEBHOOK_SECRETS: 'first-hook-secret, second-hook-secret',
  PAGERDUTY_FROM: 'oncall@example.com',
};
const demo = JSON.stringify({
  people: [{ email: 'a@example.com', name: 'A', role: 'viewer', teams: [], password: 'a-demo-password' }],
  apiKey: 'fb_demo-key',
});

function problemsOf(env: Record<string, string | undefined>): ConfigError['problems'] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
const named = (env: Record<string, string | undefined>) => problemsOf(env).map(({ name }) => name);

test('the needed settings are enough, and the rest is the careful choice', () => {
  const config = readConfig(needed);
  expect(config).toMatchObject({
    FIREBREAK_MODE: 'observe',
    HOST: '127.0.0.1',
    NODE_ENV: 'production',
    UNLEASH_URL: 'https://unleash.example',
    PAGERDUTY_WEBHOOK_SECRETS: ['first-hook-secret', 'second-hook-secret'],
  });
  expect(config.FIREBREAK_CLOCK).toBeUndefined();
});

test('endpoints may refer to settings that are named for it, and to no others; all of them are secrets', () => {
  const config = readConfig({ ...needed, FIREBREAK_REF_CHAT_URL: 'https://hooks.example.com/T0/secret ', CHAT: 'no' });
  expect(config.references).toEqual({ CHAT_URL: 'https://hooks.example.com/T0/secret' });
  expect(secretsOf(config)).toContain('https://hooks.example.com/T0/secret');
  expect(readConfig({ ...needed, OUTBOUND_INTERNAL: '127.0.0.1:9, chat:80' }).OUTBOUND_INTERNAL).toHaveLength(2);
  expect(named({ ...needed, OUTBOUND_INTERNAL: 'http://127.0.0.1:9' })).toEqual(['OUTBOUND_INTERNAL']);
});

test('Prometheus servers are named as JSON, by the name of their DataSource; their tokens are secrets', () => {
  const sources = {
    shop: { url: 'https://prom.example/', token: 'a-bearer-token' },
    plain: { url: 'http://prom:9090' },
  };
  const config = readConfig({ ...needed, PROMETHEUS_SOURCES: JSON.stringify(sources) });
  expect(config.PROMETHEUS_SOURCES).toEqual({
    shop: { url: 'https://prom.example', token: 'a-bearer-token' },
    plain: { url: 'http://prom:9090', token: null },
  });
  expect(secretsOf(config)).toContain('a-bearer-token');
  expect(readConfig(needed).PROMETHEUS_SOURCES).toEqual({});
  for (const wrong of [
    'shop',
    '[]',
    '{"shop":"http://x"}',
    '{"shop":{"url":"ftp://x"}}',
    '{"shop":{"url":"http://x","token":"a b"}}',
  ])
    expect(named({ ...needed, PROMETHEUS_SOURCES: wrong })).toEqual(['PROMETHEUS_SOURCES']);
});

test('one error names every setting that is missing', () => {
  expect(named({}).sort()).toEqual(Object.keys(needed).sort());
  for (const name of Object.keys(needed)) {
    for (const value of [undefined, '', '  ']) {
      expect(problemsOf({ ...needed, [name]: value })).toEqual([{ name, message: 'is not set' }]);
    }
  }
});

test('one error names missing, wrong and contradicting settings together', () => {
  const env = { ...needed, PORT: 'high', FIREBREAK_MODE: 'yolo', UNLEASH_URL: undefined, FIREBREAK_CLOCK: '/clock' };
  expect(named(env).sort()).toEqual(['FIREBREAK_CLOCK', 'FIREBREAK_MODE', 'PORT', 'UNLEASH_URL']);
  expect(() => readConfig(env)).toThrow(/4 settings are missing or wrong:[\s\S]*FIREBREAK_MODE[\s\S]*operating\.md/);
});

test.each([
  ['FIREBREAK_SECRET', 'short'],
  ['PORT', '70000'],
  ['LOG_LEVEL', 'loud'],
  ['DATABASE_URL', 'mysql://db/firebreak'],
  ['DATABASE_OWNER_URL', 'db.internal'],
  ['UNLEASH_URL', 'ftp://unleash.example'],
  ['UNLEASH_URL', 'unleash.example'],
  ['PAGERDUTY_WEBHOOK_SECRETS', ' , '],
  ['PAGERDUTY_FROM', 'nobody'],
  ['GOOGLE_ENDPOINT', 'http://127.0.0.1:1'],
  ['TRUSTED_PROXIES', '10.0.0.0/8,proxy.internal'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['FIREBREAK_BASE_URL', 'https://firebreak.example/console'],
  ['FIREBREAK_BASE_URL', 'http://firebreak.example'],
])('%s=%s is refused by name, without repeating the value', (name, value) => {
  const problems = problemsOf({ ...needed, [name]: value });
  expect(problems.map((problem) => problem.name)).toEqual([name]);
  expect(problems[0]?.message).not.toContain(value);
});

test.each([
  ['TRUSTED_PROXIES', '10.0.0.0/8, ::1, loopback, fd00::/8'],
  ['FIREBREAK_BASE_URL', 'http://127.0.0.1:4300'],
  ['FIREBREAK_BASE_URL', 'http://[::1]:4300'],
  ['FIREBREAK_BASE_URL', 'https://firebreak.example/'],
  ['PORT', '0'],
])('%s=%s is taken', (name, value) => {
  expect(problemsOf({ ...needed, [name]: value })).toEqual([]);
});

test('an injected clock and demo sign-ins exist only beside the simulator', () => {
  const both = { ...needed, FIREBREAK_CLOCK: '/tmp/clock.json', FIREBREAK_DEMO: demo };
  expect(named(both)).toEqual(['FIREBREAK_CLOCK', 'FIREBREAK_DEMO']);
  expect(named({ ...both, GOOGLE_ENDPOINT: '127.0.0.1:9000' })).toEqual([]);
});

test('a console that others reach says by which address', () => {
  expect(named({ ...needed, HOST: '0.0.0.0' })).toEqual(['FIREBREAK_BASE_URL']);
  expect(named({ ...needed, HOST: '0.0.0.0', FIREBREAK_BASE_URL: 'https://firebreak.example' })).toEqual([]);
});

test('what is wrong inside the demo is said with its place', () => {
  const people = [{ email: 'a@example.com', name: 'A', role: 'king', teams: [], password: 'short' }];
  const env = { ...needed, GOOGLE_ENDPOINT: '127.0.0.1:9000' };
  const problems = problemsOf({ ...env, FIREBREAK_DEMO: JSON.stringify({ people, apiKey: 'fb_x' }) });
  expect(problems.map(({ message }) => message.split(':')[0])).toEqual(['people.0.role', 'people.0.password']);
  expect(problemsOf({ ...env, FIREBREAK_DEMO: '{' })).toEqual([{ name: 'FIREBREAK_DEMO', message: 'is not JSON' }]);
});

test('every secret is handed to the redactor', () => {
  const config = readConfig({ ...needed, FIREBREAK_DEMO: demo, GOOGLE_ENDPOINT: '127.0.0.1:9000' });
  const secrets = secretsOf(config);
  for (const name of [
    'FIREBREAK_SECRET',
    'UNLEASH_ADMIN_TOKEN',
    'UNLEASH_CLIENT_TOKEN',
    'PAGERDUTY_API_TOKEN',
  ] as const)
    expect(secrets).toContain(needed[name]);
  const others = ['pd-routing-key', 'first-hook-secret', 'second-hook-secret', 'p%40ss-word', 'p@ss-word'];
  expect(secrets).toEqual(expect.arrayContaining([...others, 'fb_demo-key', 'a-demo-password']));
});
