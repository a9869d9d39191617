import type { ActionFunctionArgs } from '@remix-run/node';
import { answer, jsonBody, requireKey } from '../acting-by-key.ts';
import { rehearsalReport } from '../domain/rehearsal/record.ts';
import { AppError, refusal } from '../errors.ts';

/** Takes what a rehearsal came to: a key with the scope `rehearsals:write`, one runbook a request. 201. */
export function action({ request, context }: ActionFunctionArgs) {
  return answer(async () => {
    if (request.method !== 'POST') throw new AppError('not_found');
    const { key, headers } = await requireKey(request, context, ['rehearsals:write']);
    const parsed = rehearsalReport.safeParse(await jsonBody(request));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new AppError('bad_input', issue?.message, { field: issue?.path.join('.') || undefined });
    }
    const { stores, clock, address } = context;
    const catalog = await stores.catalog.current();
    if (catalog && !catalog.runbooks.some(({ slug }) => slug === parsed.data.runbook))
      throw new AppError('bad_input', `The catalog has no runbook ${parsed.data.runbook}.`, { field: 'runbook' });
    await stores.rehearsals.record({ ...parsed.data, at: clock.now(), by: key.name }, address);
    context.log.info({ key: key.name, runbook: parsed.data.runbook }, 'a rehearsal was recorded');
    return Response.json({ runbook: parsed.data.runbook }, { status: 201, headers });
  });
}

/** Rehearsals are read on pages, not here. */
export function loader() {
  return refusal(new AppError('not_found'));
}
