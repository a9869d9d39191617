import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { typedInto, useAnswer } from '../components/answer.ts';
import { covered, readSubject, silenceChoices } from '../components/silence/choices.ts';
import { emptySilence, type RefusedSilence, SilenceFields } from '../components/silence/form.tsx';
import { type RefusedEnd, SilenceRow } from '../components/silence/row.tsx';
import { shownSilences } from '../components/silence/shown.ts';
import { Empty } from '../components/ui/empty.tsx';
import { PageLinks } from '../components/ui/page-links.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { Problem } from '../components/ui/problem.tsx';
import { may } from '../domain/audit/permission.ts';
import { refusal as roleRefusal } from '../domain/run/offers.ts';
import { longestSilence, readEnd, readSilence } from '../domain/silence/request.ts';
import { stands } from '../domain/silence/silence.ts';
import { silenceWish } from '../domain/silence/wishes.ts';
import { AppError, refusal } from '../errors.ts';
import { paths } from '../paths.ts';

const perPage = 30;

export const meta: MetaFunction = () => [{ title: 'Silences · Firebreak' }];

export const handle = { topics: ['incidents', 'slos', 'catalog'] };

/** Silences in force and past ones, and the form for a new one, about what the address names (`slo`, `service`, `source`). */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { role } = context.require('read');
  const { stores, clock } = context;
  const now = clock.now();
  const params = new URL(request.url).searchParams;
  const given = Number(params.get('before'));
  const before = params.has('before') && Number.isSafeInteger(given) ? given : undefined;
  const [catalog, states, standing, past] = await Promise.all([
    stores.catalog.current(),
    stores.slos.states(),
    stores.silences.standing(now),
    stores.silences.past(now, perPage + 1, before),
  ]);
  const burning = new Set(states.filter(({ tier }) => tier !== null).map(({ slo }) => slo));
  return {
    standing: shownSilences(catalog, standing),
    past: shownSilences(catalog, past.slice(0, perPage)),
    older: past.length > perPage ? (past[perPage - 1]?.from ?? null) : null,
    choices: catalog ? silenceChoices(catalog, readSubject(params), burning) : [],
    timeZone: catalog?.timeZone ?? 'UTC',
    whyNot: may(role, 'silence') ? null : roleRefusal(role),
  };
}

/** Makes a silence, gives one a later end, or ends one. What was refused stands in its form again. */
export async function action({ request, context }: ActionFunctionArgs) {
  const actor = await requireActing(context, 'silence', paths.silences(), request);
  const { stores, clock, address } = context;
  const { data: wish } = silenceWish.safeParse(Object.fromEntries(await request.formData()));
  if (!wish) throw refusal(new AppError('bad_input'));
  const now = clock.now();
  const by = { name: actor.name, email: actor.email, at: now, address };
  if (wish.intent === 'end') {
    if (!(await stores.silences.end(wish.id, by))) throw refusal(new AppError('already_done'));
    return redirect(paths.silences(), 303);
  }
  const catalog = await stores.catalog.current();
  const timeZone = catalog?.timeZone ?? 'UTC';
  if (wish.intent === 'extend') {
    const { intent: _, id, ...form } = wish;
    const silence = await stores.silences.get(id);
    if (!silence || !stands(silence, now)) throw refusal(new AppError('already_done', 'This silence is over.'));
    const until = readEnd(form, timeZone, now, silence.until);
    if (typeof until !== 'number') return data({ id, form, wrong: until }, 400);
    if (!(await stores.silences.extend(id, until, by))) {
      return data({ id, form, wrong: { field: 'at' as const, message: 'It ends later than that already.' } }, 400);
    }
    return redirect(paths.silences(), 303);
  }
  const { intent: _, ...form } = wish;
  const wanted = readSilence(form, timeZone, now);
  if ('field' in wanted) return data({ form, wrong: wanted }, 400);
  if (!catalog || covered(catalog, wanted).length === 0) {
    return data({ form, wrong: { field: 'what' as const, message: 'Nothing of this name is in the catalog.' } }, 400);
  }
  const id = await stores.silences.make(wanted, by);
  return redirect(`${paths.silences()}#${id}`, 303);
}

export default function Silences() {
  const page = useLoaderData<typeof loader>();
  // What was sent is an empty form again; what was refused stands in it.
  const { key } = useLocation();
  const refused =
    useAnswer<typeof action, (RefusedSilence | RefusedEnd) & { said: string }>((typed) => {
      const { intent, id = '' } = typed.values;
      if (intent !== 'silence' && intent !== 'extend') return null;
      const before = { form: typedInto(emptySilence, typed), wrong: null, said: typed.said };
      return intent === 'extend' ? { ...before, id } : before;
    }) ?? null;
  const made = refused && !('id' in refused) ? (refused as RefusedSilence) : null;
  const extended = refused && 'id' in refused ? (refused as RefusedEnd) : null;
  const known = { why: page.whyNot, timeZone: page.timeZone };
  return (
    <>
      <div className="head">
        <h1>Silences</h1>
        <div className="acts">
          <a className="btn quiet" href={paths.deliveries()}>
            Pages and tickets sent
          </a>
        </div>
      </div>
      {refused && 'said' in refused && <Problem>{refused.said}</Problem>}
      <div className="col">
        <Panel title="Silence something" id="new">
          <p className="panel-note">
            No page and no ticket of it leaves until the end, {longestSilence / 86_400_000} days away at most. Alerts,
            incidents and their record go on; what still burns at the end pages then. A page that was sent goes on
            escalating until somebody acknowledges it.
          </p>
          <SilenceFields key={key} choices={page.choices} refused={made} {...known} />
        </Panel>
        <Panel title="In force">
          {page.standing.length === 0 && (
            <Empty title="Nothing is silenced">
              What somebody keeps from paging stands here with who, until when and why.
            </Empty>
          )}
          {page.standing.map((each) => (
            <SilenceRow key={each.silence.id} shown={each} standing refused={extended} {...known} />
          ))}
        </Panel>
        {page.past.length > 0 && (
          <Panel title="Over">
            {page.past.map((each) => (
              <SilenceRow key={each.silence.id} shown={each} standing={false} refused={null} {...known} />
            ))}
          </Panel>
        )}
        <PageLinks before={null} after={page.older === null ? null : `${paths.silences()}?before=${page.older}`} />
      </div>
    </>
  );
}
