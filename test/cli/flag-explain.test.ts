import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '#cli/run.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firebreak-explain-'));
});
afterAll(() => rm(dir, { recursive: true }));

const features = `{
  "version": 2,
  "features": [
    { "name": "checkout.new", "enabled": true, "dependencies": [{ "feature": "checkout" }], "strategies": [
      { "name": "flexibleRollout",
        "parameters": { "rollout": "50", "stickiness": "userId", "groupId": "checkout.new" },
        "constraints": [{ "contextName": "country", "operator": "IN", "values": ["DK", "SE"] }],
        "segments": [1],
        "variants": [{ "name": "blue", "weight": 500 },
                     { "name": "green", "weight": 500, "payload": { "type": "string", "value": "g" } }] }] },
    { "name": "checkout", "enabled": true, "strategies": [] },
    { "name": "dice", "enabled": true, "strategies": [
      { "name": "flexibleRollout", "parameters": { "rollout": "25", "stickiness": "random" } }] },
    { "name": "broken", "enabled": "yes", "strategies": [] }
  ],
  "segments": [{ "id": 1, "name": "beta", "constraints": [{ "contextName": "plan", "operator": "IN", "values": ["pro"] }] }]
}`;
const grace = { userId: 'grace', properties: { country: 'DK', plan: 'pro' } };

async function ask(flag: string, context: unknown, document = features, more: string[] = ['--json']) {
  const paths = { features: join(dir, 'features.json'), context: join(dir, 'context.json') };
  await writeFile(paths.features, document);
  await writeFile(paths.context, typeof context === 'string' ? context : JSON.stringify(context));
  const screen = { out: [] as string[], err: [] as string[] };
  const args = ['flag', 'explain', '--features', paths.features, '--context', paths.context, '--flag', flag, ...more];
  const code = await run(args, {
    env: {},
    out: (line) => screen.out.push(line),
    err: (line) => screen.err.push(line.replaceAll(`${dir}/`, '')),
  });
  return { code, out: screen.out.join('\n'), err: screen.err };
}

test('answers yes with the variant, and each thing it looked at in order', async () => {
  const { code, out, err } = await ask('checkout.new', grace);
  expect({ code, err }).toEqual({ code: 0, err: [] });
  expect(JSON.parse(out)).toEqual({
    enabled: true,
    variant: { name: 'green', payload: { type: 'string', value: 'g' }, enabled: true, feature_enabled: true },
    reasons: [
      'Parent "checkout": The flag is on and has no strategy: everyone gets it.',
      'Parent "checkout" must be on: it is.',
      'Strategy 1 of 1, flexibleRollout: country is DK or SE: yes, it is "DK".',
      'Strategy 1 of 1, flexibleRollout, segment "beta": plan is pro: yes, it is "pro".',
      'Strategy 1 of 1, flexibleRollout: in: bucket 10 of 100 for userId "grace" in group "checkout.new", which is ≤ 50.',
      'Variant of the strategy: green, place 620 of 1000 for userId "grace", which is > 500 and ≤ 1000.',
    ],
  });
});

test('answers no, and names what stood in the way', async () => {
  const { out } = await ask('checkout.new', { userId: 'grace', properties: { country: 'NO' } });
  expect(JSON.parse(out)).toMatchObject({
    enabled: false,
    variant: { name: 'disabled', enabled: false, feature_enabled: false },
  });
  expect(out).toContain('country is DK or SE: no, it is \\"NO\\".');
  expect((await ask('checkout.new', {})).out).toContain('no, the context has no country.');
});

test('tells where SDKs differ about the case of letters', async () => {
  const document = features.replace('"values": ["DK", "SE"]', '"values": ["dk"], "caseInsensitive": true');
  const { out } = await ask('checkout.new', grace, document);
  expect(JSON.parse(out).enabled).toBe(false);
  expect(out).toContain('country is dk: no, it is \\"DK\\"; the Node SDK heeds case here.');
});

test('does not guess where every request throws dice', async () => {
  const answer = JSON.parse((await ask('dice', grace)).out);
  expect(answer).toMatchObject({ enabled: null, variant: null, share: 25 });
  expect(answer.reasons.at(-1)).toBe('Unknown: random per request; about 25 % of requests are on.');
});

test('without --json it is text for people, and a name cannot steer the terminal', async () => {
  const { code, out } = await ask(
    'checkout.new',
    { userId: 'a\u001b[31m', properties: grace.properties },
    features,
    [],
  );
  expect(code).toBe(0);
  expect(out).toMatch(/^checkout\.new: (on|off)/);
  expect(out).not.toContain('\u001b');
});

test.each([
  [
    'checkout.nwe',
    grace,
    features,
    'features.json:3:3 error Flag "checkout.nwe" is not in this file. Did you mean "checkout.new" or "checkout"?',
  ],
  ['broken', grace, features, 'features.json:14:36 error "enabled" must be a boolean, not text.'],
  [
    'dice',
    { userId: 12 },
    features,
    'context.json:1:11 error "userId" must be text, not the number 12. Write it in quotes: "12".',
  ],
  [
    'dice',
    { currentTime: 'soon' },
    features,
    'context.json:1:16 error "currentTime" is not a time. Write it as 2026-03-31T09:00:00Z.',
  ],
  [
    'dice',
    { properties: { a: [1] } },
    features,
    'context.json:1:20 error A value of a context is text, a number, true, false or null.',
  ],
  ['dice', '{"a": 1,\n "b": x}', features, 'context.json:2:7 error This is not JSON. Expected here: a value.'],
  ['dice', '{"a": 1', features, 'context.json:1:8 error The JSON ends too early. Expected here: a comma or }.'],
  ['dice', '', features, 'context.json:1:1 error The file is empty. Write one JSON document.'],
  [
    'dice',
    grace,
    '['.repeat(100_000),
    'features.json:1:101 error Values are nested deeper than 100 levels. Flatten them.',
  ],
  [
    'dice',
    grace,
    '{"events": []}',
    'features.json:1:2 error These are changes ("events"), not all features. Fetch /api/client/features.',
  ],
  ['dice', grace, '{"features": [null]}', 'features.json:1:15 error "features[0]" must be a mapping, not empty.'],
  [
    'zzzzzzzz',
    grace,
    '{"features": [{"name": "f", "enabled": true, "strategies": []}]}',
    'Flag "zzzzzzzz" is not in this file. It has 1 flag: "f".',
  ],
  [
    'f',
    grace,
    '{"features": [{"name": "f", "enabled": true, "strategies": [{"name": "default", "constraints": [{"contextName": "a", "operator": "IN"}]}]}]}',
    'error "values" is missing: this operator compares with a list. Write "values": ["…"].',
  ],
])('%s with %j is an error with its place', async (flag, context, document, expected) => {
  const { code, out, err } = await ask(flag, context, document);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err.join('\n')).toContain(expected);
});

test('a flag that is not asked for may be broken', async () => {
  expect((await ask('checkout', grace)).code).toBe(0);
});

test('a missing file and bytes that are no text are errors, a missing option is misuse', async () => {
  const err: string[] = [];
  const terminal = { env: {}, out: () => {}, err: (line: string) => err.push(line) };
  const file = join(dir, 'bytes.json');
  await writeFile(file, Buffer.from([0x7b, 0xff, 0x7d]));
  expect(await run(['flag', 'explain', '--features', '/no/such', '--context', file, '--flag', 'f'], terminal)).toBe(1);
  expect(err).toEqual([
    '/no/such:1:1 error There is no such file.',
    `${file}:1:1 error The file is not UTF-8 text. Save it as UTF-8.`,
  ]);
  expect(await run(['flag', 'explain', '--features', file, '--flag', 'f'], terminal)).toBe(2);
  expect(err.at(-1)).toContain('--context is missing.');
});
