import { useSyncExternalStore } from 'react';

/** Whether this page hears of changes: it does, it does not for now, or the sign-in it came with no longer counts. */
export type LiveState = 'live' | 'paused' | 'signed-out';

let state: LiveState = 'live';
const listeners = new Set<() => void>();

/** Keeps the state outside React: the event stream tells it, any part of the page may show it. */
export function setLiveState(next: LiveState): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}

/** The state as of now, for what asks by itself. */
export function liveState(): LiveState {
  return state;
}

/** The state, kept current; `live` on the server. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(subscribe, liveState, () => 'live');
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
