import type { ReactNode } from 'react';

/** A page that opens from a disk: no script, nothing fetched but its style sheet beside it. `up` leads to the folder of all pages. */
export function OfflinePage({ title, up, children }: { title: string; up: string; children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta httpEquiv="Content-Security-Policy" content={offlinePolicy} />
        <title>{title}</title>
        <link rel="stylesheet" href={`${up}runbook.css`} />
      </head>
      <body>
        <main className="document">
          {up !== '' && <OfflineHome up={up} />}
          {children}
        </main>
      </body>
    </html>
  );
}

/** The way back to the list of everything. */
function OfflineHome({ up }: { up: string }) {
  return (
    <p className="mb-2 text-[13px]">
      <a className="link" href={`${up}index.html`}>
        All runbooks, services and flags
      </a>
    </p>
  );
}

/** Nothing runs, and nothing comes from elsewhere. */
const offlinePolicy =
  "script-src 'none'; object-src 'none'; connect-src 'none'; img-src 'none'; font-src 'none'; base-uri 'none'; form-action 'none'";
