import { useMatches, useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { paths } from '../paths.ts';
import { type LiveState, liveState, setLiveState } from './live-state.ts';
import { keepStream } from './live-stream.ts';
import { topicsConcern } from './topics.ts';

const channelName = 'firebreak-live';
const lockName = 'firebreak-live';
/** Spread, ms, so that one notice does not make every browser ask at the same moment. */
const jitter = 900;

/** What the tabs of one browser tell each other; `asks` is a tab that has just come. */
type Message = { topics: string[] } | { state: LiveState } | { asks: true };

/** Keeps the page current: one event stream per browser (the tab that holds the lock), passed on to its other tabs. */
export function Live() {
  const { revalidate } = useRevalidator();
  const wanted = useMatches().flatMap((match) => (match.handle as { topics?: string[] } | undefined)?.topics ?? []);
  const interest = useRef(wanted);
  interest.current = wanted;

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let due = false;
    const refresh = () => {
      timer = undefined;
      // A page that nobody sees waits; one whose server does not answer keeps what it shows.
      due = document.visibilityState === 'hidden' || liveState() !== 'live';
      if (!due) revalidate();
    };
    const hear = (topics: string[]) => {
      if (topicsConcern(topics, interest.current)) timer ??= setTimeout(refresh, 100 + Math.random() * jitter);
    };
    const onVisible = () => {
      if (due && document.visibilityState === 'visible') refresh();
    };
    document.addEventListener('visibilitychange', onVisible);
    const stop = listen(hear);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
      stop();
    };
  }, [revalidate]);
  return null;
}

/** Hears topics until stopped: as the leading tab from the server, as another tab from the leader. */
function listen(hear: (topics: string[]) => void): () => void {
  const end = new AbortController();
  if (!('locks' in navigator) || !('BroadcastChannel' in window)) {
    lead(hear, setLiveState, end.signal);
    return () => end.abort();
  }
  const channel = new BroadcastChannel(channelName);
  const say = (message: Message) => channel.postMessage(message);
  let leads = false;
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('topics' in data) hear(data.topics);
    else if ('state' in data) setLiveState(data.state);
    else if (leads) say({ state: liveState() });
  };
  say({ asks: true });
  navigator.locks
    .request(lockName, { signal: end.signal }, () => {
      leads = true;
      const pass = (topics: string[]) => {
        say({ topics });
        hear(topics);
      };
      const tell = (state: LiveState) => {
        say({ state });
        setLiveState(state);
      };
      lead(pass, tell, end.signal);
      // Held until this tab goes: then the browser gives the lock to the next one.
      return new Promise<void>((release) => end.signal.addEventListener('abort', () => release()));
    })
    .catch(() => undefined);
  return () => {
    end.abort();
    channel.close();
  };
}

function lead(hear: (topics: string[]) => void, tell: (state: LiveState) => void, end: AbortSignal): void {
  const connect = () => new EventSource(paths.events());
  const stream = keepStream({ connect, ask, hear, tell, random: Math.random });
  const now = () => {
    if (document.visibilityState === 'visible') stream.now();
  };
  window.addEventListener('online', now, { signal: end });
  document.addEventListener('visibilitychange', now, { signal: end });
  end.addEventListener('abort', () => stream.close());
}

/** An event source hides why it was refused; a request of its own is told, and let go at once. */
async function ask(): Promise<{ status: number; retryAfterMs: number }> {
  const enough = new AbortController();
  const { status, headers } = await fetch(paths.events(), { signal: enough.signal });
  enough.abort();
  return { status, retryAfterMs: (Number(headers.get('retry-after')) || 0) * 1_000 };
}
