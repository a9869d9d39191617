import { type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { RefreshSoon } from '../components/ui/refresh-soon.tsx';
import { AppError, refusal } from '../errors.ts';
import { paths } from '../paths.ts';

export const meta: MetaFunction = () => [{ title: 'Reading the PagerDuty incident · Firebreak' }];

export const handle = { topics: ['incidents'] };

/** The link in a PagerDuty incident: leads to our incident, also when no webhook ever brought it. Asking for a read changes nothing in the world. */
export async function loader({ params, context }: LoaderFunctionArgs) {
  context.require('read');
  const id = params.id ?? '';
  if (!/^[A-Za-z0-9]{3,40}$/.test(id)) throw refusal(new AppError('not_found', 'This is no PagerDuty incident id.'));
  const incident = await context.stores.incidents.byPagerDuty(id);
  if (incident) throw redirect(paths.incident(incident.id));
  await context.stores.incidents.askFor(id);
  return { id };
}

export default function PagerDutyIncident() {
  const { id } = useLoaderData<typeof loader>();
  return (
    <div className="mx-auto grid max-w-xl gap-3 py-16" role="status">
      <RefreshSoon />
      <h1>Reading PagerDuty incident {id}</h1>
      <p className="text-dim">
        It is not known here yet, so it is being read from PagerDuty. This page goes on to it as soon as it is there; if
        PagerDuty does not answer, it keeps trying.
      </p>
      <p className="acts">
        <a className="btn" href={paths.overview()}>
          See what burns meanwhile
        </a>
        <a className="btn quiet" href={paths.runbooks()}>
          Runbooks
        </a>
      </p>
    </div>
  );
}
