import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileClock } from '#app/platform/clock-file.ts';
import { checkKey, createOutsideCheck } from '#simulator/outside-check.ts';
import { checkService } from '#simulator/pagerduty-account.ts';
import { startPagerDuty } from '#test/simulator/pagerduty/start.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { startFaulty, untilDead } from './children.ts';

const minute = 60_000;
/** Data ms per wall ms: five minutes in less than one. */
const speed = 6;
/** Wall ms. */
const patience = 90_000;

test('the engine is killed: within five minutes somebody is paged by the outside check, and the next engine ends that', async () => {
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-dead-man-'));
  const clockFile = join(folder, 'clock.json');
  const begin = Date.UTC(2026, 2, 2, 3, 0);
  writeFileSync(clockFile, JSON.stringify({ segments: [{ wall: Date.now(), data: begin, speed }] }));
  const clock = fileClock(clockFile);
  const pagerDuty = await startPagerDuty({ clock, services: [checkService] });
  const check = createOutsideCheck({ clock, desk: pagerDuty.desk });
  let pings = 0;
  const door = createServer((_, response) => {
    pings += 1;
    check.ping();
    response.end('OK');
  });
  await new Promise<void>((done) => door.listen(0, '127.0.0.1', done));
  const looking = setInterval(check.look, 100);
  const env = {
    DATABASE_URL: database.url,
    FIREBREAK_CLOCK: clockFile,
    DEADMAN_URL: `http://127.0.0.1:${(door.address() as AddressInfo).port}/ping`,
  };
  const script = 'engine-process.ts';
  const children = [await startFaulty(env, script)];
  try {
    await expect.poll(() => pings, { timeout: patience }).toBeGreaterThan(8);
    expect(pagerDuty.desk.standing()).toEqual([]);

    children[0]!.kill('SIGKILL');
    await untilDead(children[0]!);
    const killedAt = clock.now();
    await expect.poll(() => pagerDuty.desk.standing().length, { timeout: patience }).toBe(1);
    const [page] = pagerDuty.desk.standing();
    expect(page).toMatchObject({ urgency: 'high', service: checkService.id, alerts: [{ key: checkKey }] });
    expect(page!.assignees).toEqual(['UADA']);
    // Both read the data clock: how long the test itself took to look plays no part.
    expect((page!.createdAt - killedAt) / minute).toBeLessThanOrEqual(5);

    children.push(await startFaulty(env, script));
    await expect.poll(() => pagerDuty.desk.standing().length, { timeout: patience }).toBe(0);
  } finally {
    clearInterval(looking);
    for (const child of children) {
      child.kill('SIGKILL');
      await untilDead(child);
    }
    door.closeAllConnections();
    door.close();
    clock.close();
    await pagerDuty.stop();
    await database.drop();
    rmSync(folder, { recursive: true });
  }
});
