import { useMatches, useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { paths } from '../paths.ts';
import { topicsConcern } from './topics.ts';

const channelName = 'firebreak-topics';
const lockName = 'firebreak-events';
/** Spread, ms, so that one notice does not make every browser ask at the same moment. */
const jitter = 900;

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
      if (document.visibilityState === 'hidden') {
        due = true;
        return;
      }
      due = false;
      revalidate();
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
    const source = open(hear);
    return () => source.close();
  }
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = (event: MessageEvent<string[]>) => hear(event.data);
  navigator.locks
    .request(lockName, { signal: end.signal }, () => {
      const source = open((topics) => {
        channel.postMessage(topics);
        hear(topics);
      });
      // Held until this tab goes: then the browser gives the lock to the next one.
      return new Promise<void>((release) => {
        end.signal.addEventListener('abort', () => {
          source.close();
          release();
        });
      });
    })
    .catch(() => undefined);
  return () => {
    end.abort();
    channel.close();
  };
}

function open(hear: (topics: string[]) => void): EventSource {
  const source = new EventSource(paths.events());
  source.addEventListener('topics', (event) => {
    const { topics } = JSON.parse((event as MessageEvent<string>).data) as { topics: string[] };
    hear(topics);
  });
  // After a break something may have been missed: ask once for everything.
  let broken = false;
  source.onerror = () => {
    broken = true;
  };
  source.onopen = () => {
    if (broken) hear(['*']);
    broken = false;
  };
  return source;
}
