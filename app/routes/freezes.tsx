import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { typedInto, useAnswer } from '../components/answer.ts';
import { emptyFreeze, FreezeFields, type RefusedFreeze } from '../components/freeze/form.tsx';
import { FreezeRow } from '../components/freeze/row.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { Problem } from '../components/ui/problem.tsx';
import { may } from '../domain/audit/permission.ts';
import { readFreeze } from '../domain/freeze/request.ts';
import { freezeWish } from '../domain/freeze/wishes.ts';
import { AppError, refusal } from '../errors.ts';
import { paths } from '../paths.ts';

const past = 30;

export const meta: MetaFunction = () => [{ title: 'Freezes · Firebreak' }];

export const handle = { topics: ['freezes', 'catalog'] };

/** Freezes in force and to come, past ones, and the form for a new one. */
export async function loader({ context }: LoaderFunctionArgs) {
  const { role } = context.require('read');
  const { stores, clock, deployment } = context;
  const now = clock.now();
  const [catalog, standing, over] = await Promise.all([
    stores.catalog.current(),
    stores.freezes.standing(now),
    stores.freezes.past(now, past),
  ]);
  const declared = (catalog?.flags ?? []).flatMap(({ environments }) => environments.map(({ name }) => name));
  const environments = [...new Set([deployment.environment, ...declared])].toSorted();
  const choices = [
    { value: 'everything', text: 'Everything' },
    ...environments.map((name) => ({ value: `environment/${name}`, text: `Environment ${name}` })),
    ...(catalog?.services ?? []).map(({ id, title }) => ({ value: `service/${id}`, text: `Service ${title}` })),
  ];
  return {
    ...{ now, standing, over, choices, timeZone: catalog?.timeZone ?? 'UTC' },
    whyNot: may(role, 'admin') ? null : 'An admin makes and ends freezes; everybody sees them.',
  };
}

/** Makes or ends a freeze. What was refused stands in its form again. */
export async function action({ request, context }: ActionFunctionArgs) {
  const actor = await requireActing(context, 'admin', paths.freezes(), request);
  const { stores, clock, address } = context;
  const { data: wish } = freezeWish.safeParse(Object.fromEntries(await request.formData()));
  if (!wish) throw refusal(new AppError('bad_input'));
  const by = { actor, at: clock.now(), address };
  if (wish.intent === 'end') {
    if (!(await stores.freezes.end(wish.id, by))) throw refusal(new AppError('already_done', 'This freeze is over.'));
    return redirect(paths.freezes(), 303);
  }
  const { intent: _, ...form } = wish;
  const wanted = readFreeze(form, by.at);
  if ('field' in wanted) return data({ form, wrong: wanted }, 400);
  const id = await stores.freezes.make(wanted, by);
  return redirect(`${paths.freezes()}#${id}`, 303);
}

export default function Freezes() {
  const { now, standing, over, choices, timeZone, whyNot } = useLoaderData<typeof loader>();
  // What was sent is an empty form again; what was refused stands in it.
  const { key } = useLocation();
  const refused =
    useAnswer<typeof action, RefusedFreeze & { said: string }>((typed) =>
      typed.values.intent === 'freeze' ? { form: typedInto(emptyFreeze, typed), wrong: null, said: typed.said } : null,
    ) ?? null;
  return (
    <>
      <h1 className="mb-4">Freezes</h1>
      <div className="col">
        <Panel title="In force and to come">
          {standing.length === 0 && (
            <Empty title="Nothing is frozen">
              In a freeze, changes forward in protected environments are refused until it ends, or somebody breaks the
              glass. Stops and undos always pass.
            </Empty>
          )}
          {standing.map((freeze) => (
            <FreezeRow key={freeze.id} freeze={freeze} now={now} why={whyNot} />
          ))}
        </Panel>
        <Panel title="Freeze something" id="new">
          {refused && 'said' in refused && <Problem>{refused.said}</Problem>}
          <FreezeFields key={key} choices={choices} timeZone={timeZone} why={whyNot} refused={refused} />
        </Panel>
        {over.length > 0 && (
          <Panel title="Over">
            {over.map((freeze) => (
              <FreezeRow key={freeze.id} freeze={freeze} now={now} why={null} />
            ))}
          </Panel>
        )}
      </div>
    </>
  );
}
