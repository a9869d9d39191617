import { useLocation } from '@remix-run/react';
import { useEffect, useSyncExternalStore } from 'react';
import { paths } from '../paths.ts';

const every = 20_000;

/** Who else looks at a page, as last answered; kept outside React so that any part of the page may show it. */
let answer: { path: string; names: string[] } | null = null;
const listeners = new Set<() => void>();

/** Says "I am looking at this page" while the tab is visible, and keeps who else is. */
export function Presence() {
  const { pathname } = useLocation();
  useEffect(() => {
    const tell = async () => {
      if (document.visibilityState !== 'visible') return;
      const response = await fetch(paths.presence(), { method: 'POST', body: new URLSearchParams({ path: pathname }) });
      if (!response.ok) return;
      const { others } = (await response.json()) as { others: { name: string }[] };
      answer = { path: pathname, names: others.map(({ name }) => name) };
      for (const listener of listeners) listener();
    };
    // A lost word changes nothing: the next one comes in 20 s.
    const tellQuietly = () => void tell().catch(() => undefined);
    tellQuietly();
    const timer = setInterval(tellQuietly, every);
    return () => clearInterval(timer);
  }, [pathname]);
  return null;
}

/** "Grace is looking too": from the page's own loader first, then as the server answers. Nothing when nobody is. */
export function LookingToo({ names, path }: { names: string[]; path: string }) {
  const initial = words(names);
  const text = useSyncExternalStore(
    subscribe,
    () => (answer?.path === path ? words(answer.names) : initial),
    () => initial,
  );
  return <span aria-live="polite">{text}</span>;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function words(names: string[]): string {
  if (names.length === 0) return '';
  return `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} looking too`;
}
