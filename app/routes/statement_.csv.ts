import type { LoaderFunctionArgs } from '@remix-run/node';
import { csvHead, csvLine } from '../components/statement/csv.ts';
import { allStatementRows, statementSlos } from '../components/statement/lines.ts';
import { readStatement } from '../components/statement/wish.ts';

/** The month's statement as CSV: the same lines as the page, of all SLOs that the address asks for. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, clock } = context;
  const catalog = await stores.catalog.current();
  const { wish, month } = readStatement(new URL(request.url).searchParams, clock.now(), catalog?.timeZone ?? 'UTC');
  const slos = statementSlos(catalog, wish);
  const reads = { states: stores.slos.states, corrections: stores.budgetCorrections.of, ...stores.sloStatement };
  const rows = await allStatementRows(slos, month, reads);
  return new Response(csvHead() + rows.map((row) => csvLine(row, month)).join(''), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="statement-${month.name}.csv"`,
    },
  });
}
