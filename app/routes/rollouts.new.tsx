import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { useAnswer } from '../components/answer.ts';
import type { ServiceReading } from '../components/observed-service.ts';
import { NewRolloutForm, type NewRolloutView } from '../components/rollout/new-form.tsx';
import {
  askedShare,
  askedSubject,
  declaredOf,
  newRolloutView,
  readSubject,
  standsAt,
  wishedPlan,
} from '../components/rollout/new-view.ts';
import { revisionsToChoose } from '../components/rollout/revisions-to-choose.ts';
import { SubjectChoice } from '../components/rollout/subject-choice.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { Problem } from '../components/ui/problem.tsx';
import type { FlagState } from '../domain/flag/flag.ts';
import { inWords } from '../domain/form-words.ts';
import { rollRefusal } from '../domain/rollout/permission.ts';
import type { RolloutSubject } from '../domain/rollout/plan.ts';
import { type DrawWish, drawWish } from '../domain/rollout/wishes.ts';
import { AppError, errorCode, errorStatus, refusal } from '../errors.ts';
import type { RequestContext } from '../load-context.ts';
import { paths } from '../paths.ts';

export const meta: MetaFunction = () => [{ title: 'Roll out under guard · Firebreak' }];

export const handle = { topics: ['catalog'] };

/** The form for what the address names (`flag` and `environment`, or `service` and `revision`); else what there is to choose. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const actor = context.require('read');
  const { stores, deployment } = context;
  const catalog = await stores.catalog.current();
  if (!catalog) return { view: null, before: null, why: null, now: null, flags: [], services: [] };
  const query = new URL(request.url).searchParams;
  const subject = askedSubject(query, deployment.environment);
  const now = subject && (await lastSeen(context, subject));
  const begin = { from: askedShare(query), stands: now?.percent ?? 0 };
  const view = subject && newRolloutView(subject, catalog, null, begin);
  if (subject && !view) {
    throw refusal(new AppError('not_found', 'No file declares it: its owner and its guards are not known.'));
  }
  if (subject && view) {
    const why = rollRefusal(actor, subject, declaredOf(subject, catalog)?.owners ?? null, 'draw');
    const typed = sentOf(new URLSearchParams(context.unsent.at(paths.newRollout())?.fields));
    const same = typed.success && typed.data.subject === view.subject;
    const before = same ? newRolloutView(subject, catalog, typed.data) : null;
    return { view, before, why, now: now?.text ?? null, flags: [], services: [] };
  }
  const wanted = query.get('service');
  const services = catalog.services.filter(({ id, cloudRun }) => cloudRun && (wanted === null || id === wanted));
  const observed = await Promise.all(
    services.map(({ id }) => stores.observations.get<ServiceReading>('cloud-run', `service/${id}`)),
  );
  return {
    view: null,
    before: null,
    why: null,
    now: null,
    flags: wanted === null ? catalog.flags.map(({ name, title }) => ({ name, title })) : [],
    services: services.map(({ id, title }, index) => ({
      ...{ id, title },
      revisions: revisionsToChoose(observed[index]?.value ?? null),
    })),
  };
}

/** What stands of a subject, as its system was last read. */
async function lastSeen({ stores: { observations } }: RequestContext, subject: RolloutSubject) {
  if (subject.kind === 'flag') {
    const { value } = await observations.get<FlagState[]>('unleash', 'flags');
    return standsAt(subject, { flags: value, service: null });
  }
  const { value } = await observations.get<ServiceReading>('cloud-run', `service/${subject.service}`);
  return standsAt(subject, { flags: null, service: value });
}

const texts = (sent: unknown[]) => sent.map(String).slice(0, 20);

/**
 * What a form asks for: what stands there once is parsed, what stands there often beside it. `tooLong` is the same where
 * nothing is wrong with it but texts that are too long, to stand in the form again.
 */
function sentOf(form: FormData | URLSearchParams) {
  const often = { slos: texts(form.getAll('slo')), kept: texts(form.getAll('kept')) };
  const once = Object.fromEntries(form);
  const parsed = drawWish.transform((wish) => ({ ...wish, ...often })).safeParse(once, inWords);
  const onlyLong = parsed.error?.issues.every(({ code }) => code === 'too_big');
  return { ...parsed, tooLong: onlyLong ? { ...(once as DrawWish), ...often } : null };
}

/** Draws the rollout up and leads to its page, where it is started. What was refused stands in the form again. */
export async function action({ request, context }: ActionFunctionArgs) {
  const back = `${paths.newRollout()}${new URL(request.url).search}`;
  const actor = await requireActing(context, 'run.confirm-forward', back, request);
  const { stores } = context;
  const parsed = sentOf(await request.formData());
  let view: NewRolloutView | null = null;
  try {
    const wish = parsed.data ?? parsed.tooLong;
    if (!wish) throw new AppError('bad_input', parsed.error?.issues[0]?.message);
    const catalog = await stores.catalog.current();
    const subject = readSubject(wish.subject);
    const declared = subject && catalog && declaredOf(subject, catalog);
    if (!subject || !catalog || !declared)
      throw new AppError('bad_input', 'No file declares what is to be rolled out.');
    view = newRolloutView(subject, catalog, wish);
    if (parsed.error) {
      const { message, path } = parsed.error.issues[0]!;
      return data({ message, field: path.join('.'), view }, 400);
    }
    const unknown = wish.slos.find((slo) => !catalog.slos.some(({ id }) => id === slo));
    if (unknown) throw new AppError('bad_input', `There is no SLO ${unknown} in the catalog.`, { field: 'slos' });
    const made = wishedPlan(wish, subject, declared, catalog);
    if ('problem' in made) return data({ message: made.problem, field: made.field, view }, 400);
    const id = await stores.rollouts.draw({ subject, service: declared.service, plan: made.plan }, actor);
    return redirect(paths.rollout(id), 303);
  } catch (error) {
    if (!errorCode(error)) throw error;
    return data({ message: (error as AppError).message, field: '', view }, errorStatus(error));
  }
}

export default function NewRollout() {
  const page = useLoaderData<typeof loader>();
  const failed = useAnswer<typeof action, { message: string; field: string; view: NewRolloutView }>(
    ({ said }) => page.before && { message: said, field: '', view: page.before },
  );
  const refused = failed && 'message' in failed ? failed : null;
  const view = refused?.view ?? page.view;
  return (
    <>
      <div className="head">
        <h1>{view ? `Roll out ${view.title} under guard` : 'Roll out under guard'}</h1>
      </div>
      {refused && !refused.field && <Problem>{refused.message}</Problem>}
      <div className="col">
        {view && (
          <Panel title="Plan">
            {page.why ? (
              <p className="panel-note why">{page.why}</p>
            ) : (
              <NewRolloutForm view={view} wrong={refused?.field ? refused : null} now={page.now} />
            )}
          </Panel>
        )}
        {!view && page.services.length + page.flags.length === 0 && (
          <Empty title="Nothing to roll out">Flags that flags/ declares and services on Cloud Run stand here.</Empty>
        )}
        {!view && <SubjectChoice flags={page.flags} services={page.services} />}
      </div>
    </>
  );
}
