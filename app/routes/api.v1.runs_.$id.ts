import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { answer, jsonBody, requireKey, requireOwner } from '../acting-by-key.ts';
import { runBody, wishOf } from '../domain/run/api.ts';
import { AppError } from '../errors.ts';
import { carryOut, permissionOf } from '../run-acts.ts';
import { runAnswer, taken } from '../run-answers.ts';

/** A run as it stands, for a key with either scope of runs. */
export function loader({ request, params, context }: LoaderFunctionArgs) {
  return answer(async () => {
    const caller = await requireKey(request, context, ['runs:open', 'runs:act']);
    await requireOwner(context, caller, 'read');
    return runAnswer(context, caller, params.id ?? '');
  });
}

/** Cancels a run or adds a note, in the name of the key's owner: scope `runs:act`. */
export function action({ request, params, context }: ActionFunctionArgs) {
  return answer(async () => {
    if (request.method !== 'POST') throw new AppError('not_found');
    const caller = await requireKey(request, context, ['runs:act']);
    const run = await context.stores.runs.get(params.id ?? '');
    if (!run) throw new AppError('not_found', 'There is no run with this id.');
    const wish = wishOf(taken(runBody.safeParse(await jsonBody(request))), null);
    const actor = await requireOwner(context, caller, permissionOf(run, wish));
    await carryOut(context, run.id, wish, actor);
    context.log.info({ key: caller.key.name, run: run.id, intent: wish.intent }, 'a run was acted on by key');
    return runAnswer(context, caller, run.id);
  });
}
