import { expect, test } from 'vitest';
import { systemClock } from '#app/platform/clock.ts';
import { createApiKeyStore } from '#app/stores/api-keys.server.ts';
import { run } from '#cli/run.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();

async function cli(...args: string[]) {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const code = await run(args, { env: { DATABASE_URL: database.url }, out: say, err: say });
  return { code, text: lines.join('\n') };
}

test('a key is printed once and opens what its scope says', async () => {
  const made = await cli(
    'key',
    'create',
    '--name',
    'pipeline',
    '--owner',
    'ada@studio.example',
    '--scope',
    'changes:write',
  );
  expect(made).toMatchObject({ code: 0, text: expect.stringMatching(/^fb_[\w-]{43}$/) });
  const found = await createApiKeyStore(database.db, systemClock).find(made.text);
  expect(found).toMatchObject({ name: 'pipeline', owner: 'ada@studio.example', scopes: ['changes:write'] });
});

test('a scope that does not exist is refused with the help', async () => {
  const refused = await cli('key', 'create', '--name', 'x', '--owner', 'y', '--scope', 'everything');
  expect(refused.code).toBe(2);
  expect(refused.text).toContain(
    '--scope is one of changes:write, metrics:read, rehearsals:write, runs:open, runs:act.',
  );
});
