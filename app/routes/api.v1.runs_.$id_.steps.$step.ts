import type { ActionFunctionArgs } from '@remix-run/node';
import { answer, jsonBody, requireKey, requireOwner } from '../acting-by-key.ts';
import { stepBody, wishOf } from '../domain/run/api.ts';
import { AppError, refusal } from '../errors.ts';
import { carryOut, permissionOf } from '../run-acts.ts';
import { runAnswer, taken } from '../run-answers.ts';

/** Acts on a step in the name of the key's owner, by the same store methods as its form: scope `runs:act`. */
export function action({ request, params, context }: ActionFunctionArgs) {
  return answer(async () => {
    if (request.method !== 'POST') throw new AppError('not_found');
    const caller = await requireKey(request, context, ['runs:act']);
    const run = await context.stores.runs.get(params.id ?? '');
    const step = run?.steps.find(({ id }) => id === params.step);
    if (!run || !step) throw new AppError('not_found', 'There is no such step.');
    const wish = wishOf(taken(stepBody.safeParse(await jsonBody(request))), step.id);
    const actor = await requireOwner(context, caller, permissionOf(run, wish));
    await carryOut(context, run.id, wish, actor);
    context.log.info(
      { key: caller.key.name, run: run.id, step: step.id, intent: wish.intent },
      'a step was acted on by key',
    );
    return runAnswer(context, caller, run.id);
  });
}

/** A step is read with its run. */
export function loader() {
  return refusal(new AppError('not_found'));
}
