import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { killsOf } from '#app/domain/flag/direct-kill.ts';
import type { SafeState } from '#app/domain/flag/flag.ts';
import { readJournal } from '#cli/direct-journal.ts';
import { type DirectKillOrder, killDirect } from '#cli/kill-direct.ts';

/** An Unleash that answers as it is told: `dies` cuts the connection, `garbage` is no answer of its. */
type Answer = 'yes' | 'no' | 'dies' | 'garbage';
const outside = {
  enabled: true,
  read: 'yes' as Answer,
  readAgain: null as Answer | null,
  write: 'yes' as Answer,
  takes: true,
  writes: [] as string[],
};

const server = createServer((request, response) => {
  const path = request.url ?? '';
  const say = (status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const answer = (how: Answer, body: () => object) => {
    if (how === 'dies') request.socket.destroy();
    else if (how === 'garbage') response.writeHead(200).end('<html>Sign in</html>');
    else if (how === 'no') say(403, { message: 'no permission for secret-admin-token' });
    else say(200, body());
  };
  if (request.method === 'POST') {
    outside.writes.push(path);
    if (outside.takes) outside.enabled = path.endsWith('/on');
    return answer(outside.write, () => ({}));
  }
  if (path.includes('/search/events')) return say(200, { events: [], total: 0 });
  const how = outside.writes.length > 0 ? (outside.readAgain ?? outside.read) : outside.read;
  answer(how, () => ({
    name: 'voice',
    type: 'release',
    stale: false,
    createdAt: '2026-11-01T00:00:00Z',
    environments: [{ name: 'production', enabled: outside.enabled, strategies: [] }],
  }));
});

let dir: string;
let count = 0;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firebreak-direct-'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true });
});
beforeEach(() => {
  Object.assign(outside, { enabled: true, read: 'yes', readAgain: null, write: 'yes', takes: true, writes: [] });
});
afterEach(() => {
  count += 1;
});

const journal = () => join(dir, `${count}.jsonl`);

async function kill(order: Partial<DirectKillOrder> = {}, answer?: string | null) {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const safe: SafeState = { state: 'off' };
  const { port } = server.address() as AddressInfo;
  const done = await killDirect(
    {
      flag: 'voice',
      environment: 'production',
      safe,
      declared: null,
      reason: 'It burns.',
      person: 'ada@laptop',
      journal: journal(),
      yes: true,
      address: { baseUrl: `http://127.0.0.1:${port}`, adminToken: 'secret-admin-token', clientTokens: {} },
      patience: 50,
      ...order,
    },
    { env: {}, out: say, err: say, ...(answer === undefined ? {} : { ask: async () => answer }) },
  );
  return { done, text: lines.join('\n') };
}

const written = async () => killsOf(readJournal(await readFile(journal(), 'utf8').catch(() => '')).lines);

test('done: the flag is read again, and both lines are in the journal', async () => {
  const { done, text } = await kill();
  expect(done).toBe(true);
  expect(text).toContain('- on · everyone');
  expect(text).toContain('Done: voice is off in production');
  expect(await written()).toMatchObject([
    { intent: { person: 'ada@laptop', before: { enabled: true }, declared: false }, end: { outcome: 'done' } },
  ]);
});

describe('an Unleash that half answers', () => {
  test('its yes was lost and the flag is off: done, and said how', async () => {
    outside.write = 'dies';
    const { done, text } = await kill();
    expect(done).toBe(true);
    expect(text).toMatch(/Done: voice is off in production, though: /);
    expect(text).toContain('accepted: Unleash did not say yes');
  });

  test('something else answers in its place: what stands there decides, and both lines are written', async () => {
    Object.assign(outside, { write: 'garbage', takes: false });
    expect((await kill()).text).toContain('OUTCOME UNKNOWN');
    expect((await written())[0]!.end).toMatchObject({ outcome: 'unknown' });
  });

  test('its answer was lost and the flag still stands: unknown, never done', async () => {
    Object.assign(outside, { write: 'dies', takes: false });
    const { done, text } = await kill();
    expect(done).toBe(false);
    expect(text).toContain('OUTCOME UNKNOWN');
    expect((await written())[0]!.end).toMatchObject({ outcome: 'unknown' });
  });

  test('it says yes and cannot be read afterwards: unknown', async () => {
    outside.readAgain = 'dies';
    const { done, text } = await kill();
    expect(done).toBe(false);
    expect(text).toContain('OUTCOME UNKNOWN: Unleash said yes, and what stands there now could not be read');
  });

  test('it says yes and nothing changes: unknown, not done', async () => {
    outside.takes = false;
    expect((await kill()).text).toContain('OUTCOME UNKNOWN: Unleash said yes; voice is on · everyone in production');
  });

  test('it says no: not taken, with the token left out', async () => {
    Object.assign(outside, { write: 'no', takes: false });
    const { done, text } = await kill();
    expect(done).toBe(false);
    expect(text).toMatch(/NOT TAKEN: .*403.*\[redacted\]/);
    expect(text).not.toContain('secret-admin-token');
  });

  test('it cannot be read: off is sent blind and said so, on is not', async () => {
    outside.read = 'dies';
    outside.readAgain = 'yes';
    const { done, text } = await kill();
    expect(done).toBe(true);
    expect(text).toContain('- not known: Unleash could not be read');
    expect((await written())[0]!.intent.before).toBeNull();
    outside.writes.length = 0;
    count += 1;
    expect((await kill({ safe: { state: 'on' } })).text).toMatch(/needs to know what stands there\. Nothing was sent/);
    expect(outside.writes).toEqual([]);
  });
});

test('nothing is sent, and nothing written down, without the typed name', async () => {
  for (const answer of [undefined, null, 'voicer', '']) {
    const { done, text } = await kill({ yes: false }, answer);
    expect(done).toBe(false);
    expect(text).toContain('Nothing was sent');
  }
  expect(outside.writes).toEqual([]);
  expect(await written()).toEqual([]);
  expect((await kill({ yes: false }, ' voice ')).done).toBe(true);
});

test('nothing is sent where it cannot be written down first', async () => {
  await expect(kill({ journal: join(dir, 'no', 'such', 'folder.jsonl') })).rejects.toMatchObject({ code: 'ENOENT' });
  expect(outside.writes).toEqual([]);
});

test('a flag that is safe already is left alone', async () => {
  outside.enabled = false;
  expect(await kill()).toMatchObject({ done: true, text: 'voice is off in production already. Nothing was sent.' });
  expect(outside.writes).toEqual([]);
});
