import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { useAnswer } from '../components/answer.ts';
import { RequestRow, type ShownRequest } from '../components/flag/requests.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { Problem } from '../components/ui/problem.tsx';
import { decideRefusal } from '../domain/flag/change-request.ts';
import { requestWish } from '../domain/flag/request-wishes.ts';
import { inWords } from '../domain/form-words.ts';
import { judgedAfter } from '../domain/run/judged.ts';
import { AppError, errorCode, errorStatus } from '../errors.ts';
import { paths } from '../paths.ts';

const shownAnswered = 30;

export const meta: MetaFunction = () => [{ title: 'Change requests · Firebreak' }];

export const handle = { topics: ['requests', 'catalog', 'runs'] };

/** What people ask the owners of flags for, those that this person may answer first. */
export async function loader({ context }: LoaderFunctionArgs) {
  const actor = context.require('read');
  const { stores, clock, deployment } = context;
  const [catalog, open, answered] = await Promise.all([
    stores.catalog.current(),
    stores.changeRequests.open(clock.now()),
    stores.changeRequests.answered(shownAnswered),
  ]);
  const ownersOf = (flag: string) => catalog?.flags.find(({ name }) => name === flag)?.owners ?? [];
  const shown = (request: (typeof open)[number]): ShownRequest => ({
    ...request,
    whyNot: decideRefusal(request, ownersOf(request.flag), actor),
    own: request.byEmail === actor.email,
    judged: judgedAfter(request.template, request.inputs, catalog, deployment.environment),
  });
  return {
    open: open.map(shown).sort((a, b) => Number(a.whyNot !== null) - Number(b.whyNot !== null)),
    answered: answered.map(shown),
  };
}

/** Opens a request as a run of whoever answers, declines it, or takes it back. */
export async function action({ request, context }: ActionFunctionArgs) {
  const actor = await requireActing(context, 'run.open', paths.changeRequests(), request);
  const { stores, clock, address } = context;
  const form = await request.formData();
  try {
    const { data: wish, error } = requestWish.safeParse(Object.fromEntries(form), inWords);
    if (!wish) throw new AppError('bad_input', error.issues[0]?.message);
    const asked = await stores.changeRequests.get(wish.id);
    if (!asked) throw new AppError('not_found', 'There is no such request.');
    const by = { actor, at: clock.now(), address };
    const gone = new AppError('already_done', 'It is answered already, or its time is over.');
    if (wish.intent === 'withdraw') {
      if (asked.byEmail !== actor.email) throw new AppError('forbidden', 'Whoever asked takes it back.');
      if (!(await stores.changeRequests.answer(asked.id, { state: 'withdrawn', why: '' }, by))) throw gone;
      return redirect(paths.changeRequests(), 303);
    }
    const declared = (await stores.catalog.current())?.flags.find(({ name }) => name === asked.flag);
    if (asked.state !== 'open') throw gone;
    const why = decideRefusal(asked, declared?.owners ?? [], actor);
    if (why) throw new AppError('forbidden', why);
    if (wish.intent === 'decline') {
      if (wish.reason.length < 3) throw new AppError('reason_needed', 'Say in one sentence why not.');
      if (!(await stores.changeRequests.answer(asked.id, { state: 'declined', why: wish.reason }, by))) throw gone;
      return redirect(paths.changeRequests(), 303);
    }
    const { template, inputs } = asked;
    const wanted = { template, inputs, incidentId: null, service: declared?.service ?? null };
    const runId = await stores.runs.openRun(wanted, actor);
    if (!(await stores.changeRequests.answer(asked.id, { state: 'accepted', runId }, by))) throw gone;
    return redirect(paths.run(runId), 303);
  } catch (error) {
    if (!errorCode(error)) throw error;
    const declined = form.get('intent') === 'decline';
    const [of, reason] = ['id', 'reason'].map((name) => (declined ? String(form.get(name) ?? '') : ''));
    return data({ message: (error as AppError).message, of, reason }, errorStatus(error));
  }
}

export default function ChangeRequests() {
  const { open, answered } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action, { message: string; of: string; reason: string }>(
    ({ values: { intent, id = '', reason = '' }, said }) => ({
      message: said,
      of: intent === 'decline' ? id : '',
      reason,
    }),
  );
  const failed = answer && 'message' in answer ? answer : null;
  return (
    <>
      <div className="head">
        <h1>Change requests</h1>
      </div>
      {failed && <Problem>{failed.message}</Problem>}
      <div className="col">
        <Panel title="Open">
          {open.length === 0 && (
            <Empty title="Nobody asks for anything">
              On the page of a flag that is not theirs people ask its owners for a change; it stands here until it is
              answered.
            </Empty>
          )}
          {open.map((request) => (
            <RequestRow
              key={request.id}
              request={request}
              refused={failed?.of === request.id ? (failed.reason ?? null) : null}
            />
          ))}
        </Panel>
        {answered.length > 0 && (
          <Panel title="Answered">
            {answered.map((request) => (
              <RequestRow key={request.id} request={request} />
            ))}
          </Panel>
        )}
      </div>
    </>
  );
}
