import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { startLoop, type Task } from '#app/engine/loop.server.ts';
import type { Clock } from '#app/platform/clock.ts';
import { createMetrics } from '#app/platform/metrics.ts';

const log = pino({ level: 'silent' });
let stop: (() => Promise<void>) | null = null;
afterEach(() => stop?.());

function start(task: Partial<Task>, clock: Partial<Clock> = {}) {
  const turns: number[] = [];
  const full: Task = {
    name: 'task',
    everyMs: 3_600_000,
    run: async () => void turns.push(performance.now()),
    ...task,
  };
  const wall = { now: () => Date.now(), wall: () => Date.now(), fromWall: (at: number) => at, speed: () => 1 };
  const loop = startLoop([full], { clock: { ...wall, ...clock }, log, metrics: createMetrics() });
  stop = loop.stop;
  return { turns, loop };
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await sleep(10);
}

test('a poke brings the next turn forward, also while the task is at work', async () => {
  let release = () => {};
  let turns = 0;
  const { loop } = start({
    run: async () => {
      turns += 1;
      if (turns === 1) await new Promise<void>((resolve) => (release = resolve));
    },
  });
  await until(() => turns === 1);
  loop.poke('task');
  release();
  await until(() => turns === 2);
  loop.poke('task');
  await until(() => turns === 3);
});

test('a task that waits for an hour of data time notices that the clock runs faster now', async () => {
  let speed = 0;
  const begun = Date.now();
  const { turns } = start({}, { now: () => begun + (Date.now() - begun) * speed, speed: () => speed });
  await until(() => turns.length === 1);
  speed = 1_000_000;
  await until(() => turns.length === 2);
});

test('a failing task takes its next turn, and a stop waits for the one at work and ends it by its signal', async () => {
  let turns = 0;
  let ended = false;
  const { loop } = start({
    everyMs: 1,
    run: async (signal) => {
      turns += 1;
      if (turns === 1) throw new Error('boom');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      ended = true;
    },
  });
  await until(() => turns === 2);
  await loop.stop();
  expect(ended).toBe(true);
});
