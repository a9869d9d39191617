import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { useAnswer } from '../components/answer.ts';
import { FollowUpCard } from '../components/follow-up-card.tsx';
import { type FollowUpFilter, FollowUpFilterForm, type RefusedFollowUp } from '../components/follow-up-forms.tsx';
import { reminderWords } from '../components/reminder-words.ts';
import { Empty } from '../components/ui/empty.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { Problem } from '../components/ui/problem.tsx';
import { may } from '../domain/audit/permission.ts';
import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import { isMine, isOverdue } from '../domain/follow-up/reminder.ts';
import { followUpWish } from '../domain/follow-up/wishes.ts';
import { inWords } from '../domain/form-words.ts';
import { refusal as roleRefusal } from '../domain/run/offers.ts';
import { AppError, errorCode, errorStatus } from '../errors.ts';
import { paths } from '../paths.ts';

const recent = 20;

/** What each wish asks for. */
const permissions = {
  back: 'run.open',
  clear: 'follow-up.clear',
  change: 'follow-up.clear',
  'sign-off': 'run.approve',
} as const;

export const meta: MetaFunction = () => [{ title: 'Follow-ups · Firebreak' }];

export const handle = { topics: ['follow-ups'] };

/** All that is open, narrowed by `who` (mine), `due` (overdue) and words `q`. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const actor = context.require('read');
  const { role } = actor;
  const query = new URL(request.url).searchParams;
  const filter: FollowUpFilter = {
    who: query.get('who') === 'mine' ? 'mine' : 'all',
    due: query.get('due') === 'overdue' ? 'overdue' : 'all',
    words: (query.get('q') ?? '').slice(0, 100),
  };
  const now = context.clock.now();
  const [everything, all] = await Promise.all([
    context.stores.followUps.open(),
    context.stores.followUps.recent(recent),
  ]);
  const wanted = (each: FollowUp) =>
    (filter.who === 'all' || isMine(each, actor)) &&
    (filter.due === 'all' || isOverdue(each, now)) &&
    [each.title, each.owner, each.service].join(' ').toLowerCase().includes(filter.words.trim().toLowerCase());
  const open = everything.filter(wanted);
  const cleared = all.filter((each) => each.clearedAt !== null);
  const { catalog } = context.stores;
  const due = open.filter(({ dueAt }) => dueAt !== null && dueAt <= now);
  return {
    filter,
    reminders: await reminderWords(context.stores, await catalog.current(), context.deployment.mode, due),
    of: everything.length,
    ...{ open, cleared },
    names: await context.stores.people.names([...open, ...cleared].flatMap((each) => [each.owner, each.clearedBy])),
    whyNotClear: may(role, 'follow-up.clear') ? null : roleRefusal(role),
    whyNotSign: may(role, 'run.approve') ? null : roleRefusal(role),
    whyNotBack: may(role, 'run.open') ? null : roleRefusal(role),
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { stores, clock } = context;
  const form = await request.formData();
  const parsed = followUpWish.safeParse(Object.fromEntries(form), inWords);
  const permission = permissions[parsed.data?.intent ?? 'clear'];
  const actor = await requireActing(context, permission, paths.followUps(), form);
  try {
    if (!parsed.success) throw new AppError('bad_input', parsed.error.issues[0]?.message);
    const { id, intent } = parsed.data;
    if (intent === 'sign-off') {
      await stores.runs.signOff({ followUpId: id, sentence: parsed.data.sentence, actor, address: context.address });
      return redirect(paths.followUps(), 303);
    }
    if (intent === 'change') {
      const { owner, due } = parsed.data;
      const dueAt = due === 'keep' ? null : clock.now() + Number(due) * 86_400_000;
      await stores.followUps.change(id, { owner, dueAt }, actor, clock.now());
      return redirect(paths.followUp(id), 303);
    }
    if (intent === 'clear') {
      if (!(await stores.followUps.clear(id, actor, clock.now()))) throw new AppError('already_done');
      return redirect(paths.followUps(), 303);
    }
    const followUp = (await stores.followUps.open()).find((each) => each.id === id);
    if (!followUp?.wayBack) throw new AppError('not_found', 'This follow-up has no way back any more.');
    const { template, inputs } = followUp.wayBack;
    const runId = await stores.runs.openRun(
      { template, inputs, incidentId: followUp.incidentId, service: followUp.service },
      actor,
    );
    const step = (await stores.runs.get(runId))?.steps[0];
    if (step) await stores.runs.waitForPlan(runId, step.id, 2_000);
    return redirect(step ? paths.runStep(runId, step.id) : paths.run(runId), 303);
  } catch (error) {
    if (!errorCode(error)) throw error;
    return data({ message: (error as AppError).message, values: textFields(form) }, errorStatus(error));
  }
}

function textFields(form: FormData): Record<string, string> {
  return Object.fromEntries([...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

export default function FollowUps() {
  const page = useLoaderData<typeof loader>();
  const failed = useAnswer<typeof action, RefusedFollowUp>(({ values, said }) => ({ message: said, values }));
  return (
    <>
      <h1 className="mb-4">Follow-ups</h1>
      <div className="col">
        {failed && 'message' in failed && <Problem>{failed.message}</Problem>}
        <Panel title="Left behind, until somebody clears it">
          {page.of > 0 && (
            <div className="panel-body">
              <FollowUpFilterForm filter={page.filter} count={page.open.length} of={page.of} />
            </div>
          )}
          {page.of > 0 && page.open.length === 0 && <p className="panel-note">None of them is like this.</p>}
          {page.of === 0 && (
            <Empty title="Nothing is left behind">
              A killed flag or traffic pinned to a revision stands here with its owner, its due date and the way back.
            </Empty>
          )}
          {page.open.map((each) => (
            <FollowUpCard
              key={each.id}
              followUp={each}
              names={page.names}
              reminder={page.reminders[each.id]}
              whyNotClear={page.whyNotClear}
              whyNotBack={page.whyNotBack}
              whyNotSign={page.whyNotSign}
              refused={failed && 'message' in failed ? failed : null}
            />
          ))}
        </Panel>
        {page.cleared.length > 0 && (
          <Panel title="Cleared lately">
            {page.cleared.map((each) => (
              <FollowUpCard
                key={each.id}
                followUp={each}
                names={page.names}
                whyNotClear={null}
                whyNotBack={null}
                whyNotSign={null}
              />
            ))}
          </Panel>
        )}
      </div>
    </>
  );
}
