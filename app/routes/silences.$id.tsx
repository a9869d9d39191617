import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { covered } from '../components/silence/choices.ts';
import { SilenceRow } from '../components/silence/row.tsx';
import { shownSilences } from '../components/silence/shown.ts';
import { Panel } from '../components/ui/panel.tsx';
import { may } from '../domain/audit/permission.ts';
import { refusal as roleRefusal } from '../domain/run/offers.ts';
import { stands } from '../domain/silence/silence.ts';
import { AppError, refusal } from '../errors.ts';
import { paths } from '../paths.ts';

/** SLOs that are named; of more only the number is said. */
const mostNamed = 50;

export const meta: MetaFunction = () => [{ title: 'A silence · Firebreak' }];

export const handle = { topics: ['incidents', 'catalog'] };

/** One silence and the SLOs that it covers, by its own address. */
export async function loader({ params, context }: LoaderFunctionArgs) {
  const { role } = context.require('read');
  const { stores, clock } = context;
  const [silence, catalog] = await Promise.all([stores.silences.get(params.id ?? ''), stores.catalog.current()]);
  if (!silence) throw refusal(new AppError('not_found', 'There is no silence with this address.'));
  const slos = catalog ? covered(catalog, silence) : [];
  return {
    shown: shownSilences(catalog, [silence])[0]!,
    standing: stands(silence, clock.now()),
    slos: slos.slice(0, mostNamed).map(({ id, title }) => ({ id, title })),
    timeZone: catalog?.timeZone ?? 'UTC',
    whyNot: may(role, 'silence') ? null : roleRefusal(role),
  };
}

export default function SilenceRoute() {
  const { shown, standing, slos, timeZone, whyNot } = useLoaderData<typeof loader>();
  return (
    <>
      <div className="head">
        <h1>{standing ? 'Silenced' : 'A silence that is over'}</h1>
        <div className="acts">
          <a className="btn quiet" href={paths.silences()}>
            All silences
          </a>
        </div>
      </div>
      <div className="col">
        <Panel title={standing ? 'In force' : 'Over'}>
          <SilenceRow shown={shown} standing={standing} why={whyNot} timeZone={timeZone} refused={null} />
        </Panel>
        <Panel title="What it covers">
          {slos.map(({ id, title }) => (
            <a key={id} className="row plain" href={paths.slo(id)}>
              {title}
            </a>
          ))}
          {shown.count > slos.length && <p className="panel-note">And {shown.count - slos.length} more SLOs.</p>}
          {shown.count === 0 && <p className="panel-note">Nothing of this name is in the catalog any more.</p>}
        </Panel>
      </div>
    </>
  );
}
