import type { LoaderFunctionArgs } from '@remix-run/node';
import { reportResponse } from './components/report/report-response.ts';
import { zoneOf } from './components/ui/zone.ts';
import { AppError, refusal } from './errors.ts';

/** What happened in an incident or a run, told in the viewer's zone, as a file. Throws the page's refusal where there is none. */
export async function reportAnswer(
  { request, params, context }: LoaderFunctionArgs,
  of: 'incident' | 'run',
): Promise<Response> {
  const { stores, clock, deployment } = context;
  const id = params.id ?? '';
  const declared = (await stores.catalog.current())?.timeZone;
  const { organisation, baseUrl } = deployment;
  const zone = zoneOf(request.headers.get('cookie')) ?? declared ?? 'UTC';
  const teller = { now: clock.now(), zone, organisation, baseUrl };
  const happened = await (of === 'run' ? stores.happened.ofRun(id, teller) : stores.happened.ofIncident(id, teller));
  if (!happened) throw refusal(new AppError('not_found', `There is no ${of} with this address.`));
  return reportResponse(happened, id);
}
