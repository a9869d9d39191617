import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

const seconds = 2;

/** Asks again every two seconds while it stands on the page; without JavaScript the browser loads the page again. */
export function RefreshSoon() {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    const timer = setInterval(revalidate, seconds * 1_000);
    return () => clearInterval(timer);
  }, [revalidate]);
  return (
    <noscript>
      <meta httpEquiv="refresh" content={`${seconds}`} />
    </noscript>
  );
}
