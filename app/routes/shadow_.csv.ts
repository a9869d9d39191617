import type { LoaderFunctionArgs } from '@remix-run/node';
import { shadowCsv } from '../components/shadow/csv.ts';
import { shadowSlos, shadowView } from '../components/shadow/view.ts';
import { readShadow } from '../components/shadow/wish.ts';

/** The shadow report as CSV: every page and every missed incident that the address asks for. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, clock, deployment } = context;
  const catalog = await stores.catalog.current();
  const timeZone = catalog?.timeZone ?? 'UTC';
  const wish = readShadow(new URL(request.url).searchParams);
  const slos = shadowSlos(catalog, deployment.mode, wish);
  const view = await shadowView(slos, wish, { now: clock.now(), timeZone }, stores.shadow);
  const name = `shadow-${wish.days}-days-to-${new Date(view.to).toISOString().slice(0, 10)}.csv`;
  return new Response(shadowCsv(view.episodes, timeZone), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
    },
  });
}
