import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { useAnswer } from '../components/answer.ts';
import { PanicPage } from '../components/panic/page.tsx';
import { may } from '../domain/audit/permission.ts';
import { inWords } from '../domain/form-words.ts';
import { type PanicWish, panicWish } from '../domain/panic/wishes.ts';
import type { Actor } from '../domain/run/run.ts';
import { AppError, errorCode, errorStatus, refusal } from '../errors.ts';
import type { RequestContext } from '../load-context.ts';
import { paths } from '../paths.ts';

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.panic.title ?? 'Panic'} · Firebreak` },
];

export const handle = { topics: ['panics', 'runs', 'run/', 'observations'] };

export async function loader({ params, context }: LoaderFunctionArgs) {
  const { role } = context.require('read');
  const panic = await context.stores.panics.get(params.id ?? '');
  if (!panic) throw refusal(new AppError('not_found', 'There is no panic with this address.'));
  const observes = context.deployment.mode === 'act' ? null : 'Firebreak only observes here; it changes nothing.';
  return { panic, whyNot: may(role, 'panic') ? observes : 'A responder presses it; you may look.' };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const id = params.id ?? '';
  const actor = await requireActing(context, 'panic', paths.panic(id), request);
  const form = await request.formData();
  const parsed = panicWish.safeParse(Object.fromEntries(form), inWords);
  try {
    if (!parsed.success) throw new AppError('bad_input', parsed.error.issues[0]?.message);
    await carryOut(context, id, parsed.data, actor);
  } catch (error) {
    if (!errorCode(error)) throw error;
    const [intent, reason] = ['intent', 'reason'].map((name) => String(form.get(name) ?? ''));
    return data({ message: (error as AppError).message, intent: intent!, reason: reason! }, errorStatus(error));
  }
  return redirect(parsed.data?.intent === 'put-away' ? paths.panics() : paths.panic(id), 303);
}

async function carryOut({ stores, address }: RequestContext, id: string, wish: PanicWish, actor: Actor): Promise<void> {
  const { panics, runs } = stores;
  switch (wish.intent) {
    case 'read-again': {
      await panics.readAgain(id);
      const members = (await panics.get(id))?.members ?? [];
      await Promise.all(members.map(({ run }) => run?.steps[0] && runs.waitForPlan(run.id, run.steps[0].id, 2_000)));
      return;
    }
    case 'panic': {
      const { hash, reason, acknowledged } = wish;
      return panics.confirm({ id, hash, reason, acknowledged: acknowledged === 'yes', actor, address });
    }
    case 'undo-all': {
      const { hash, reason, acknowledged } = wish;
      return panics.undo({ id, hash, reason, acknowledged: acknowledged === 'yes', actor, address });
    }
    case 'put-away':
      return panics.putAway(id, actor);
  }
}

export default function PanicRoute() {
  const { panic, whyNot } = useLoaderData<typeof loader>();
  const failed = useAnswer<typeof action, { message: string; intent: string; reason: string }>(
    ({ values: { intent = '', reason = '' }, said }) => ({ message: said, intent, reason }),
  );
  return <PanicPage panic={panic} whyNot={whyNot} failed={failed && 'message' in failed ? failed : null} />;
}
