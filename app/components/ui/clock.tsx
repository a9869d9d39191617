import { createContext, type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from 'react';
import { zoneCookie } from './zone.ts';

/** The page's clock: the server's now, carried on by the browser's monotonic timer. The browser's own date is never asked. */
interface PageClock {
  /** Now as the server sent it, data ms: what the first render shows. */
  sent: number;
  current(): number;
  /** The zone that the first render is drawn in. */
  zone: string | null;
}

const PageClockContext = createContext<PageClock>({ sent: 0, current: () => 0, zone: null });

/** Sets the page's clock from what the loader sent: `speed` is data ms per real ms, `zone` what the browser told before. */
export function PageClockProvider({
  now,
  speed,
  zone,
  children,
}: {
  now: number;
  speed: number;
  zone: string | null;
  children: ReactNode;
}) {
  const clock = useMemo<PageClock>(() => {
    if (typeof window === 'undefined') return { sent: now, current: () => now, zone };
    const from = performance.now();
    return { sent: now, current: () => now + (performance.now() - from) * speed, zone };
  }, [now, speed, zone]);
  useEffect(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere, and nothing waits for this.
    document.cookie = zoneCookie(ownZone());
  }, []);
  return <PageClockContext.Provider value={clock}>{children}</PageClockContext.Provider>;
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function everySecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** A text (or number) that depends on now: re-rendered only when it changes, looked at once a second. */
export function useTicking<T extends string | number | boolean>(of: (now: number) => T): T {
  const clock = useContext(PageClockContext);
  return useSyncExternalStore(
    everySecond,
    () => of(clock.current()),
    () => of(clock.sent),
  );
}

/** Now as the loader sent it, ms: for what need not tick. */
export function useNow(): number {
  return useContext(PageClockContext).sent;
}

const nothing = () => () => {};

const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * The viewer's time zone. On the server and until hydration, so that both render the same, it is the one that the browser
 * told with an earlier page, and `before` for one that comes for the first time.
 */
export function useZone(before = 'UTC'): string {
  const { zone } = useContext(PageClockContext);
  return useSyncExternalStore(nothing, ownZone, () => zone ?? before);
}
