import type { LinksFunction, LoaderFunctionArgs } from '@remix-run/node';
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteLoaderData } from '@remix-run/react';
import type { ReactNode } from 'react';
import { waitingStages } from './components/approval/waiting-stages.ts';
import { hasStyles, useDocumentStyles } from './components/document-styles.tsx';
import { ErrorPage } from './components/error-page.tsx';
import { useNonce } from './components/nonce.tsx';
import { Shell } from './components/shell/shell.tsx';
import { themeOf } from './components/shell/theme.ts';
import { PageClockProvider } from './components/ui/clock.tsx';
import { zoneOf } from './components/ui/zone.ts';
import { waitsFor } from './domain/run/gate-offers.ts';
import styles from './styles/app.css?url';

export const links: LinksFunction = () => [{ rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' }];

export const handle = { topics: ['incidents', 'follow-ups', 'approvals', 'hand-overs'] };

/** What every page's frame shows. A stranger gets the frame of the sign-in page, without counts. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, deployment, clock, stores } = context;
  const frame = {
    now: clock.now(),
    speed: clock.speed(),
    theme: themeOf(request.headers.get('cookie')),
    zone: zoneOf(request.headers.get('cookie')),
    styled: hasStyles(request.headers.get('cookie'), styles),
    organisation: deployment.organisation,
    environment: deployment.environment,
    mode: deployment.mode,
    simulated: deployment.simulated,
    unsent: context.unsent.at(new URL(request.url).pathname),
  };
  if (!actor) return { ...frame, actor: null, incidents: 0, followUps: 0, runs: 0, approvals: 0 };
  const [incidents, followUps, waiting, held, rollouts, catalog] = await Promise.all([
    stores.incidents.open(),
    stores.followUps.open(),
    stores.runs.waitingApprovals(),
    stores.runRecords.heldBy(actor.email),
    stores.rollouts.list({ open: true, limit: 200 }),
    stores.catalog.current(),
  ]);
  const stages = waitingStages(rollouts, actor, catalog).mine;
  return {
    ...frame,
    actor,
    incidents: incidents.filter(({ level }) => level === 'page').length,
    followUps: followUps.length,
    runs: held.length,
    approvals: waiting.filter((one) => waitsFor(actor, one)).length + stages.length,
  };
}

export function Layout({ children }: { children: ReactNode }) {
  const frame = useRouteLoaderData<typeof loader>('root');
  const nonce = useNonce();
  const { head, tail } = useDocumentStyles(styles, frame?.styled ?? true);
  return (
    <html lang="en" data-theme={frame?.theme ?? undefined}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="dark light" />
        <Meta />
        <Links />
        {head}
      </head>
      <body>
        <PageClockProvider now={frame?.now ?? 0} speed={frame?.speed ?? 1} zone={frame?.zone ?? null}>
          {frame?.actor ? <Shell frame={{ ...frame, actor: frame.actor }}>{children}</Shell> : children}
        </PageClockProvider>
        {tail}
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <ErrorPage />;
}
