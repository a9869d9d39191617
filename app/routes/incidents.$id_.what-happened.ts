import type { LoaderFunctionArgs } from '@remix-run/node';
import { reportResponse } from '../components/report/report-response.ts';
import { zoneOf } from '../components/ui/zone.ts';
import { AppError, refusal } from '../errors.ts';

/** What happened in an incident, as Markdown for a postmortem. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, clock, deployment } = context;
  const id = params.id ?? '';
  const declared = (await stores.catalog.current())?.timeZone;
  const { organisation, baseUrl } = deployment;
  const zone = zoneOf(request.headers.get('cookie')) ?? declared ?? 'UTC';
  const happened = await stores.happened.ofIncident(id, { now: clock.now(), zone, organisation, baseUrl });
  if (!happened) throw refusal(new AppError('not_found', 'There is no incident with this address.'));
  return reportResponse(happened, id);
}
