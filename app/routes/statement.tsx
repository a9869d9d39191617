import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { statementRows, statementSlos } from '../components/statement/lines.ts';
import { StatementForm } from '../components/statement/statement-form.tsx';
import { StatementTable } from '../components/statement/statement-table.tsx';
import { monthsBack, readStatement, statementQuery } from '../components/statement/wish.ts';
import { Empty } from '../components/ui/empty.tsx';
import { PageLinks } from '../components/ui/page-links.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { Time } from '../components/ui/time.tsx';
import { monthOf, monthText } from '../domain/slo/statement-month.ts';
import { paths } from '../paths.ts';

const perPage = 50;

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Statement of ${page ? monthText({ name: page.month.name }) : 'the month'} · Firebreak` },
];

export const handle = { topics: ['catalog'] };

/** The month's statement in the organisation's time zone, 50 SLOs a page. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, clock } = context;
  const catalog = await stores.catalog.current();
  const timeZone = catalog?.timeZone ?? 'UTC';
  const now = clock.now();
  const { wish, month } = readStatement(new URL(request.url).searchParams, now, timeZone);
  const slos = statementSlos(catalog, wish);
  const reads = { states: stores.slos.states, corrections: stores.budgetCorrections.of, ...stores.sloStatement };
  const rows = await statementRows(slos.slice(wish.from, wish.from + perPage), month, reads);
  const months = Array.from({ length: monthsBack + 1 }, (_, back) => monthOf(now, timeZone, back));
  if (!months.some(({ name }) => name === month.name)) months.push(month);
  const services = catalog?.services ?? [];
  const used = new Set((catalog?.slos ?? []).map(({ service }) => service));
  return {
    wish,
    month,
    goesOn: month.to > now,
    rows,
    total: slos.length,
    organisation: catalog?.organisation ?? '',
    months: months.map((each) => ({ name: each.name, text: monthText(each) })),
    services: [...used].sort(),
    teams: [...new Set(services.filter(({ id }) => used.has(id)).map(({ owner }) => owner))].sort(),
  };
}

export default function Statement() {
  const page = useLoaderData<typeof loader>();
  const { wish, month, rows, total } = page;
  const at = (from: number) => `${paths.statement()}${statementQuery({ ...wish, from })}`;
  return (
    <>
      <div className="head">
        <div>
          <h1>
            Statement of {monthText(month)}
            {page.goesOn && ', so far'}
          </h1>
          <p className="meta">
            <span>
              {page.organisation} · <Time at={month.from} day="always" /> to <Time at={month.to} day="always" /> ·
              months in {month.timeZone}
            </span>
          </p>
        </div>
        <div className="acts">
          {/* Downloads: the browser must ask for them, not the router. */}
          {[
            { format: 'CSV', path: paths.statementCsv() },
            { format: 'JSON', path: paths.statementJson() },
          ].map(({ format, path }) => (
            <a
              key={format}
              className="btn quiet"
              href={`${path}${statementQuery({ ...wish, from: 0 })}`}
              download={`statement-${month.name}.${format.toLowerCase()}`}
            >
              Download {format}
            </a>
          ))}
        </div>
      </div>
      <div className="col">
        <StatementForm wish={wish} months={page.months} teams={page.teams} services={page.services} />
        {wish.slo !== '' && (
          <p className="text-[13px] text-dim">
            Of one SLO.{' '}
            <a className="link" href={`${paths.statement()}${statementQuery({ ...wish, slo: '', from: 0 })}`}>
              Show all
            </a>
          </p>
        )}
        <Panel
          title="Promised and reached"
          aside={
            <span className="age">
              {total > perPage ? `${wish.from + 1} to ${wish.from + rows.length} of ${total}` : total}
            </span>
          }
        >
          {rows.length > 0 ? (
            <StatementTable rows={rows} />
          ) : (
            <Empty title="No SLO is like that">
              <a className="link" href={paths.statement()}>
                Show all
              </a>
            </Empty>
          )}
          <p className="panel-note border-t border-line">
            Counted from what was measured, event by event or slice by slice.{' '}
            {page.goesOn &&
              'Budget left is of the whole month, at its mean traffic so far; “so far” is of what the traffic until now allows. '}
            Unknown minutes count neither for nor against; hours are kept 64 days.
          </p>
        </Panel>
        <PageLinks
          before={wish.from > 0 ? at(Math.max(0, wish.from - perPage)) : null}
          after={wish.from + perPage < total ? at(wish.from + perPage) : null}
        />
      </div>
    </>
  );
}
