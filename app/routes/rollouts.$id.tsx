import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { useAnswer } from '../components/answer.ts';
import { RolloutPage } from '../components/rollout/page.tsx';
import {
  chartedSlo,
  chartedTime,
  offersOf,
  outlook,
  ownersOf,
  type RolloutPageData,
} from '../components/rollout/view.ts';
import { inWords } from '../domain/form-words.ts';
import { rolloutWish } from '../domain/rollout/wishes.ts';
import { AppError, errorCode, errorStatus, refusal } from '../errors.ts';
import { paths } from '../paths.ts';

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.rollout.title ?? 'Rollout'} · Firebreak` },
];

export const handle = { topics: ['rollouts', 'runs', 'slos', 'catalog'] };

/** One rollout with its verdicts, its chart, its history and what may be decided. */
export async function loader({ params, context }: LoaderFunctionArgs): Promise<RolloutPageData> {
  const actor = context.require('read');
  const { stores, clock } = context;
  const rollout = await stores.rollouts.get(params.id ?? '');
  if (!rollout) throw refusal(new AppError('not_found', 'There is no such rollout.'));
  const [catalog, entries, runs] = await Promise.all([
    stores.catalog.current(),
    stores.rollouts.entries(rollout.id),
    stores.rollouts.runs(rollout.id),
  ]);
  const known = { slos: catalog?.slos ?? [] };
  const charted = chartedSlo(rollout, known);
  const time = chartedTime(rollout, entries, clock.now());
  const [points, state] = charted
    ? await Promise.all([stores.slos.points(charted.slo, time.from, time.to), stores.slos.state(charted.slo)])
    : [[], null];
  return {
    rollout,
    ...outlook(rollout, known),
    offers: offersOf(rollout, actor, catalog),
    owners: ownersOf(rollout, catalog),
    entries,
    runs,
    chart: charted && { ...charted, ...time, points, dataTo: state?.evaluation.dataTo ?? null },
  };
}

/** A person's word about the rollout as they read it. */
export async function action({ request, params, context }: ActionFunctionArgs) {
  const id = params.id ?? '';
  const actor = await requireActing(context, 'run.confirm-stop', paths.rollout(id), request);
  const form = await request.formData();
  const parsed = rolloutWish.safeParse(Object.fromEntries(form), inWords);
  try {
    if (!parsed.success) throw new AppError('bad_input', parsed.error.issues[0]?.message);
    const { intent, epoch, reason = null, blind } = parsed.data;
    await context.stores.rollouts.decide({
      ...{ id, decision: intent, reason, actor, address: context.address },
      epoch: /^\d+$/.test(epoch) ? Number(epoch) : -1,
      knowsBlind: blind === 'yes',
    });
    return redirect(paths.rollout(id), 303);
  } catch (error) {
    if (!errorCode(error)) throw error;
    const [sentIntent, sentReason] = ['intent', 'reason'].map((name) => String(form.get(name) ?? ''));
    return data({ message: (error as AppError).message, intent: sentIntent!, reason: sentReason! }, errorStatus(error));
  }
}

export default function RolloutRoute() {
  const page = useLoaderData<typeof loader>() as RolloutPageData;
  const failed = useAnswer<typeof action, { message: string; intent: string; reason: string }>(
    ({ values: { intent = '', reason = '' }, said }) => ({ message: said, intent, reason }),
  );
  return <RolloutPage page={page} refused={failed && 'message' in failed ? failed : null} />;
}
