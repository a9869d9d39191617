import { RemixBrowser } from '@remix-run/react';
import { StrictMode, startTransition } from 'react';
import { hydrateRoot } from 'react-dom/client';

/**
 * Remix suspends the whole page until its data is decoded, and React 18 fails on a click or a key in that time ("Root did
 * not complete"). So a first call, which throws the promise of the data before it uses any hook, is waited for.
 */
function dataDecoded(): Promise<unknown> {
  try {
    RemixBrowser({});
  } catch (thrown) {
    if (thrown instanceof Promise) return thrown;
  }
  return Promise.resolve();
}

dataDecoded().finally(() =>
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <RemixBrowser />
      </StrictMode>,
    );
  }),
);
