import type { LoaderFunctionArgs } from '@remix-run/node';
import { csvHead, csvLine } from '../components/statement/csv.ts';
import { statementRows, statementSlos } from '../components/statement/lines.ts';
import { readStatement } from '../components/statement/wish.ts';

/** SLOs whose buckets are summed at once. */
const batch = 100;

/** The month's statement as CSV: the same lines as the page, of all SLOs that the address asks for. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, clock } = context;
  const catalog = await stores.catalog.current();
  const { wish, month } = readStatement(new URL(request.url).searchParams, clock.now(), catalog?.timeZone ?? 'UTC');
  const slos = statementSlos(catalog, wish);
  const reads = { states: stores.slos.states, corrections: stores.budgetCorrections.of, ...stores.sloStatement };
  let text = csvHead();
  for (let from = 0; from < slos.length; from += batch) {
    const rows = await statementRows(slos.slice(from, from + batch), month, reads);
    text += rows.map((row) => csvLine(row, month)).join('');
  }
  return new Response(text, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="statement-${month.name}.csv"`,
    },
  });
}
