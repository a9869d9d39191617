import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { useAnswer } from '../components/answer.ts';
import { PanicSets } from '../components/panic/sets.tsx';
import { may } from '../domain/audit/permission.ts';
import { panicSummary } from '../domain/panic/panic.ts';
import { panicSetWish } from '../domain/panic/wishes.ts';
import { AppError, errorCode, errorStatus } from '../errors.ts';
import { paths } from '../paths.ts';

const shown = 20;

export const meta: MetaFunction = () => [{ title: 'Panic · Firebreak' }];

export const handle = { topics: ['catalog', 'panics', 'runs'] };

/** The prepared sets, and what was pressed before. */
export async function loader({ context }: LoaderFunctionArgs) {
  const { role } = context.require('read');
  const [catalog, panics] = await Promise.all([context.stores.catalog.current(), context.stores.panics.recent(shown)]);
  return {
    sets: catalog?.panicSets ?? [],
    panics: panics.map((panic) => ({
      ...{ id: panic.id, title: panic.title, by: panic.confirmedBy ?? panic.openedBy, openedAt: panic.openedAt },
      ...{ confirmedAt: panic.confirmedAt, putAwayAt: panic.putAwayAt, summary: panicSummary(panic) },
    })),
    whyNot: may(role, 'panic') ? null : 'A responder presses it; you may look.',
  };
}

/** Makes the dry run of a set: the run of each member is planned, and nothing is changed. */
export async function action({ request, context }: ActionFunctionArgs) {
  const actor = await requireActing(context, 'panic', paths.panics(), request);
  const { panics, runs, catalog } = context.stores;
  try {
    const { data: wish } = panicSetWish.safeParse(Object.fromEntries(await request.formData()));
    if (!wish) throw new AppError('bad_input');
    const set = (await catalog.current())?.panicSets?.find(({ name }) => name === wish.set);
    if (!set) throw new AppError('not_found', `No file in flags/ declares a panic set ${wish.set} any more.`);
    const id = await panics.open(set, actor);
    const members = (await panics.get(id))?.members ?? [];
    await Promise.all(members.map(({ run }) => run?.steps[0] && runs.waitForPlan(run.id, run.steps[0].id, 2_000)));
    return redirect(paths.panic(id), 303);
  } catch (error) {
    if (!errorCode(error)) throw error;
    return data({ message: (error as AppError).message }, errorStatus(error));
  }
}

export default function PanicRoute() {
  const page = useLoaderData<typeof loader>();
  const failed = useAnswer<typeof action, { message: string }>(({ said }) => ({ message: said }));
  return <PanicSets {...page} problem={failed && 'message' in failed ? failed.message : null} />;
}
