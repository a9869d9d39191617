import type { ActionFunctionArgs } from '@remix-run/node';
import { answer, jsonBody, requireKey, requireOwner } from '../acting-by-key.ts';
import { openRunBody } from '../domain/run/api.ts';
import { AppError, refusal } from '../errors.ts';
import { runAnswer, taken } from '../run-answers.ts';

/** Opens a run for a program: a key with the scope `runs:open`, one run per `Idempotency-Key`. 201 new, 200 for one that was there. */
export function action({ request, context }: ActionFunctionArgs) {
  return answer(async () => {
    if (request.method !== 'POST') throw new AppError('not_found');
    const caller = await requireKey(request, context, ['runs:open']);
    const actor = await requireOwner(context, caller, 'run.open');
    const idempotencyKey = request.headers.get('idempotency-key')?.trim() ?? '';
    if (!/^[\x21-\x7e]{8,200}$/.test(idempotencyKey))
      throw new AppError(
        'bad_input',
        'Send an Idempotency-Key of 8 to 200 visible characters, the same for every try.',
        {
          field: 'Idempotency-Key',
        },
      );
    const asked = taken(openRunBody.safeParse(await jsonBody(request)));
    const { runs, apiRequests, catalog } = context.stores;
    if (asked.service !== undefined) {
      const known = (await catalog.current())?.services.some(({ id }) => id === asked.service);
      if (!known) throw new AppError('bad_input', `The catalog has no service ${asked.service}.`, { field: 'service' });
    }
    const opening = {
      template: asked.runbook ?? asked.template ?? '',
      inputs: Object.fromEntries(Object.entries(asked.inputs).map(([name, value]) => [name, String(value)])),
      incidentId: asked.incident ?? null,
      service: asked.service ?? null,
    };
    const asking = { keyId: caller.key.id, idempotencyKey, asked: opening };
    const since = context.clock.now();
    const { runId, known } = await apiRequests.once(asking, () => runs.openRun(opening, actor));
    const run = await runs.get(runId);
    const first = run?.steps[0];
    // Under another key the same open run is found, and nothing is opened.
    const stood = known || (run !== null && run.openedAt < since);
    if (first && !known) await runs.waitForPlan(runId, first.id, 2_000);
    context.log.info({ key: caller.key.name, run: runId, known: stood }, 'a run was opened by key');
    return runAnswer(context, caller, runId, stood ? 200 : 201);
  });
}

/** Runs are read one by one here, and as lists on pages. */
export function loader() {
  return refusal(new AppError('not_found'));
}
