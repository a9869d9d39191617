import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { manualClock } from '#app/platform/clock.ts';
import { createChat } from '#simulator/chat/chat.ts';
import { createFaults } from '#simulator/faults.ts';

test('a chat takes texts, keeps no keys, shows what was said as text, and can fail', async () => {
  const faults = createFaults();
  const chat = createChat({ clock: manualClock(0), faults });
  const server = createServer((request, response) => void chat.handle(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat/incidents`;
  const say = async (body: unknown) => {
    const headers = { 'idempotency-key': 'k1' };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };
  try {
    expect([await say({ text: '<b>calm</b>' }), await say({ text: 'again' }), await say({})]).toEqual([200, 200, 400]);
    faults.set('chat', '500');
    expect(await say({ text: 'lost' })).toBe(500);
    expect(chat.messages('incidents').map(({ text, key }) => [text, key])).toEqual([
      ['<b>calm</b>', 'k1'],
      ['again', 'k1'],
    ]);
    expect(await (await fetch(url)).text()).toContain('&lt;b>calm');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
