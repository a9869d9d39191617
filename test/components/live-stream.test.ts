import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keepStream } from '#app/components/live-stream.ts';

/** A browser's event source, moved by hand. */
class Source extends EventTarget {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  close() {
    this.closed = true;
  }
  send(topics: string[]) {
    this.dispatchEvent(new MessageEvent('topics', { data: JSON.stringify({ topics }) }));
  }
}

const sources: Source[] = [];
const heard: string[][] = [];
const told: string[] = [];
let answer: () => Promise<{ status: number; retryAfterMs: number }>;
let stream: ReturnType<typeof keepStream>;
const last = () => sources[sources.length - 1]!;
const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** The last try is refused, or nobody answers it. */
const fails = async () => {
  last().onerror!();
  await passed(0);
};

beforeEach(() => {
  vi.useFakeTimers();
  for (const list of [sources, heard, told]) list.length = 0;
  answer = () => Promise.reject(new TypeError('Failed to fetch'));
  stream = keepStream({
    connect: () => {
      const source = new Source();
      sources.push(source);
      return source as unknown as EventSource;
    },
    ask: () => answer(),
    hear: (topics) => heard.push(topics),
    tell: (state) => told.push(state),
    random: () => 0,
  });
});

afterEach(() => {
  stream.close();
  vi.useRealTimers();
});

describe('the event stream', () => {
  test('passes on what it hears', () => {
    last().onopen!();
    last().send(['slos', 'run/1']);
    expect(heard).toEqual([['slos', 'run/1']]);
    expect(told).toEqual(['live']);
  });

  test('is opened anew after a short break, says nothing of it, and asks once for everything that was missed', async () => {
    last().onopen!();
    await fails();
    expect(last().closed).toBe(true);
    await passed(1_000);
    expect(sources).toHaveLength(2);
    last().onopen!();
    await passed(60_000);
    expect(told).toEqual(['live', 'live']);
    expect(heard).toEqual([['*']]);
  });

  test('is tried again ever more rarely while nobody answers, and says that updates are paused', async () => {
    last().onopen!();
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      await fails();
      const before = sources.length;
      let waited = 0;
      while (sources.length === before) {
        await passed(500);
        waited += 500;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(told).toEqual(['live', 'paused']);
  });

  test('waits as long as a full server asks for', async () => {
    answer = async () => ({ status: 503, retryAfterMs: 30_000 });
    await fails();
    await passed(29_000);
    expect(sources).toHaveLength(1);
    await passed(1_000);
    expect(sources).toHaveLength(2);
    expect(told).toEqual(['paused']);
  });

  test('says that one is signed out, and is live again after a sign-in in another tab', async () => {
    answer = async () => ({ status: 401, retryAfterMs: 0 });
    await fails();
    expect(told).toEqual(['signed-out']);
    await passed(1_000);
    last().onopen!();
    expect(told).toEqual(['signed-out', 'live']);
    expect(heard).toEqual([['*']]);
  });

  test('is tried at once when the network is back', async () => {
    last().onopen!();
    await fails();
    stream.now();
    expect(sources).toHaveLength(2);
    stream.now();
    expect(sources).toHaveLength(2);
  });

  test('is over when it is closed', async () => {
    await fails();
    stream.close();
    await passed(600_000);
    expect(sources).toHaveLength(1);
    expect(told).toEqual([]);
  });
});
