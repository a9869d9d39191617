import { type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { RefreshSoon } from '../components/refresh-soon.tsx';
import { Time } from '../components/ui/time.tsx';
import type { PagerDutyFinding } from '../domain/incident/observed.ts';
import { AppError, errorCode, refusal } from '../errors.ts';
import { paths } from '../paths.ts';

export const meta: MetaFunction = () => [{ title: 'Reading the PagerDuty incident · Firebreak' }];

export const handle = { topics: ['incidents'] };

/** An answer this fresh is not asked for again, unless somebody says that they have seen it. */
const freshMs = 10 * 60_000;

/**
 * The link in a PagerDuty incident: leads to our incident, also when no webhook ever brought it. Asking for a read
 * changes nothing in the world. An id that PagerDuty does not know is told, not waited for.
 */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const actor = context.require('read');
  const { stores, clock } = context;
  const id = params.id ?? '';
  if (!/^[A-Za-z0-9]{3,40}$/.test(id)) throw refusal(new AppError('not_found', 'This is no PagerDuty incident id.'));
  const incident = await stores.incidents.byPagerDuty(id);
  if (incident) throw redirect(paths.incident(incident.id));
  const { value, at, error } = await stores.observations.get<PagerDutyFinding>('pagerduty', `incident/${id}`);
  const seen = Number(new URL(request.url).searchParams.get('seen'));
  const unknown = value?.found === false && at !== null && at > Math.max(seen, clock.now() - freshMs) && error === null;
  if (!unknown)
    await stores.incidents.askFor(id, actor.email).catch((reason: unknown) => {
      throw errorCode(reason) === 'rate_limited' ? refusal(reason as AppError) : reason;
    });
  return { id, unknownAt: unknown ? at : null, error };
}

export default function PagerDutyIncident() {
  const { id, unknownAt, error } = useLoaderData<typeof loader>();
  return (
    <div className="mx-auto grid max-w-xl gap-3 py-16" role="status">
      {unknownAt === null ? (
        <>
          <RefreshSoon />
          <h1>Reading PagerDuty incident {id}</h1>
          <p className="text-dim">
            It is not known here yet, so it is being read from PagerDuty. This page goes on to it as soon as it is there
            {error ? '; it keeps trying.' : '; if PagerDuty does not answer, it keeps trying.'}
          </p>
          {error && <p className="text-amber">PagerDuty does not answer: {error}</p>}
        </>
      ) : (
        <>
          <h1>PagerDuty knows no incident {id}</h1>
          <p className="text-dim">
            It was asked at <Time at={unknownAt} />. The link may be of another PagerDuty account, or the incident was
            deleted.
          </p>
        </>
      )}
      <p className="acts">
        {unknownAt !== null && (
          <a className="btn" href={`${paths.pagerDutyIncident(id)}?seen=${unknownAt}`}>
            Ask again
          </a>
        )}
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
