import type { LoaderFunctionArgs } from '@remix-run/node';
import { statementJson } from '../components/statement/json.ts';
import { allStatementRows, statementSlos } from '../components/statement/lines.ts';
import { readStatement } from '../components/statement/wish.ts';

/** The month's statement as JSON: the same figures as the page, of all SLOs that the address asks for. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, clock } = context;
  const catalog = await stores.catalog.current();
  const now = clock.now();
  const { wish, month } = readStatement(new URL(request.url).searchParams, now, catalog?.timeZone ?? 'UTC');
  const slos = statementSlos(catalog, wish);
  const reads = { states: stores.slos.states, corrections: stores.budgetCorrections.of, ...stores.sloStatement };
  const rows = await allStatementRows(slos, month, reads);
  const document = statementJson(catalog?.organisation ?? '', month, month.to > now, rows);
  return new Response(`${JSON.stringify(document, null, 2)}\n`, {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': `attachment; filename="statement-${month.name}.json"`,
    },
  });
}
