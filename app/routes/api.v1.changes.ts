import type { ActionFunctionArgs } from '@remix-run/node';
import { answer, jsonBody, requireKey } from '../acting-by-key.ts';
import { changeReportSchema } from '../domain/change/report.ts';
import { AppError, refusal } from '../errors.ts';
import type { RequestContext } from '../load-context.ts';

/** A report from further ahead than this is a clock that is wrong. */
const longestAhead = 5 * 60_000;

/** The door for changes that Firebreak cannot see: a key with the scope `changes:write`, one change per id. 201 new, 200 known. */
export function action({ request, context }: ActionFunctionArgs) {
  return answer(async () => {
    if (request.method !== 'POST') throw new AppError('not_found');
    const { key, headers } = await requireKey(request, context, ['changes:write']);
    const change = await readReport(request, context, key.name);
    const recorded = await context.stores.changes.report(change, { key: key.name, address: context.address });
    context.log.info({ key: key.name, change: change.externalId, recorded }, 'a change was reported');
    return Response.json({ id: change.externalId, recorded }, { status: recorded ? 201 : 200, headers });
  });
}

/** Changes are read on pages, not here. */
export function loader() {
  return refusal(new AppError('not_found'));
}

async function readReport(request: Request, { stores, clock }: RequestContext, keyName: string) {
  const parsed = changeReportSchema.safeParse(await jsonBody(request));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('bad_input', issue?.message, { field: issue?.path.join('.') || undefined });
  }
  const { id, at: given, actor, ...report } = parsed.data;
  const now = clock.now();
  const at = given === undefined ? now : Date.parse(given);
  if (at > now + longestAhead) {
    throw new AppError('bad_input', 'This is more than 5 minutes in the future.', { field: 'at' });
  }
  const catalog = await stores.catalog.current();
  if (report.service !== undefined && catalog && !catalog.services.some((service) => service.id === report.service)) {
    throw new AppError('bad_input', `The catalog has no service ${report.service}.`, { field: 'service' });
  }
  return {
    source: 'api' as const,
    externalId: id,
    at,
    kind: report.kind,
    target: report.target,
    title: report.title,
    service: report.service ?? null,
    environment: report.environment ?? null,
    actor: actor ?? keyName,
    commit: report.commit ?? null,
    url: report.url ?? null,
    before: null,
    after: null,
  };
}
