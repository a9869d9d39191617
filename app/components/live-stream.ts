import type { LiveState } from './live-state.ts';

/** What a stream needs of the browser. */
export interface StreamParts {
  connect(): EventSource;
  /** How the server answers whoever asks for the stream; rejects when it does not answer. Asked only after a refusal. */
  ask(): Promise<{ status: number; retryAfterMs: number }>;
  hear(topics: string[]): void;
  tell(state: LiveState): void;
  /** 0 to 1. */
  random(): number;
}

/** Waits between two tries, wall ms: doubled at each failure, spread so that browsers do not come back all at once. */
const firstWait = 1_000;
const longestWait = 60_000;
/** A break shorter than this, ms, is not worth a word: the server was restarted. */
const graceMs = 4_000;

/**
 * Keeps an event stream open for as long as it is wanted. A browser gives up for good when the server refuses (401, 503)
 * and hammers when it is down; here each try is a stream of its own. After a break everything is asked for once, since
 * something may have been missed.
 */
export function keepStream({ connect, ask, hear, tell, random }: StreamParts): { now(): void; close(): void } {
  let source: EventSource | null = null;
  let failures = 0;
  let missed = false;
  let closed = false;
  let next: ReturnType<typeof setTimeout> | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    clearTimeout(next);
    next = undefined;
    const mine = connect();
    source = mine;
    let opened = false;
    mine.addEventListener('topics', (event) => {
      hear((JSON.parse((event as MessageEvent<string>).data) as { topics: string[] }).topics);
    });
    mine.onopen = () => {
      opened = true;
      failures = 0;
      clearTimeout(pause);
      pause = undefined;
      tell('live');
      if (missed) hear(['*']);
      missed = false;
    };
    mine.onerror = () => {
      mine.close();
      if (closed || source !== mine) return;
      source = null;
      missed = true;
      pause ??= setTimeout(() => tell('paused'), graceMs);
      if (opened) again(0);
      else void refused();
    };
  };

  const refused = async () => {
    const answer = await ask().catch(() => null);
    if (closed || source !== null || next !== undefined) return;
    if (answer?.status === 401 || answer?.status === 403) {
      clearTimeout(pause);
      tell('signed-out');
    }
    again(answer?.retryAfterMs ?? 0);
  };

  const again = (atLeastMs: number) => {
    const wait = Math.min(longestWait, firstWait * 2 ** failures);
    failures += 1;
    next = setTimeout(open, Math.max(atLeastMs, wait) * (1 + random()));
  };

  open();
  return {
    /** Does not wait any longer for the next try: the network is back, or somebody looks at the page again. */
    now() {
      if (next !== undefined) open();
    },
    close() {
      closed = true;
      clearTimeout(next);
      clearTimeout(pause);
      source?.close();
    },
  };
}
