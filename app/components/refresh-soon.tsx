import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';
import { liveState } from './live-state.ts';

const seconds = 2;

/** Asks again every two seconds while it stands on the page; without JavaScript the browser loads the page again. */
export function RefreshSoon() {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    // While the server does not answer, the page keeps what it shows.
    const timer = setInterval(() => {
      if (liveState() === 'live') revalidate();
    }, seconds * 1_000);
    return () => clearInterval(timer);
  }, [revalidate]);
  return (
    <noscript>
      <meta httpEquiv="refresh" content={`${seconds}`} />
    </noscript>
  );
}
