import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireActing } from '../acting.ts';
import { typedInto, useAnswer } from '../components/answer.ts';
import { addUp } from '../components/burn-chart/add-up.ts';
import { FailuresPanel } from '../components/incident/failures.tsx';
import { IncidentRows } from '../components/incident-list.tsx';
import { SilenceBanner } from '../components/silence/banner.tsx';
import { silenceableOf } from '../components/silence/choices.ts';
import { shownSilences } from '../components/silence/shown.ts';
import { BudgetPanel } from '../components/slo-budget/budget-panel.tsx';
import { emptyCorrection, type RefusedCorrection } from '../components/slo-budget/correction-form.tsx';
import { budgetView } from '../components/slo-budget/view.ts';
import { SloChanges } from '../components/slo-changes.tsx';
import { SloHero, sloRanges } from '../components/slo-hero.tsx';
import { SloSettings } from '../components/slo-settings.tsx';
import { sloView } from '../components/slo-view.ts';
import { SloWindows } from '../components/slo-windows.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { inShadow } from '../domain/alert/shadow.ts';
import { may } from '../domain/audit/permission.ts';
import { burnAround } from '../domain/change/around.ts';
import type { ErrorLines, Failures } from '../domain/incident/observed.ts';
import { refusal as roleRefusal } from '../domain/run/offers.ts';
import { covers } from '../domain/silence/silence.ts';
import { readCorrection } from '../domain/slo/correction-request.ts';
import { systemOf } from '../domain/slo/data-source.ts';
import { edgeHours, storedSums } from '../domain/slo/stored-counts.ts';
import { sloWish } from '../domain/slo/wishes.ts';
import { AppError, errorCode, errorStatus, refusal } from '../errors.ts';
import type { RequestContext } from '../load-context.ts';
import { paths } from '../paths.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Incidents that the ledger names; older ones are in the rest. */
const mostSpells = 40;

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.view.slo.title ?? 'SLO'} · Firebreak` },
];

export const handle = { topics: ['slos', 'changes', 'incidents', 'observations', 'catalog'] };

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { role } = context.require('read');
  const { stores, clock } = context;
  const id = params.id ?? '';
  const catalog = await stores.catalog.current();
  const slo = catalog?.slos.find((each) => each.id === id);
  if (!catalog || !slo) throw refusal(new AppError('not_found', 'No SLO of this name is in the catalog.'));
  const now = clock.now();
  const wanted = new URL(request.url).searchParams.get('range');
  const range = sloRanges.find((each) => each.name === wanted) ?? sloRanges[0];
  const from = now - range.minutes * minute;
  const [state, read, changes, incidents, failures, lines, silences, indicatorChanges] = await Promise.all([
    stores.slos.state(id),
    // One hour more, to compare with what was before the first change.
    stores.slos.points(id, from - hour, now),
    stores.changes.recent({
      ...{ service: slo.service, environment: context.deployment.environment },
      ...{ since: from, until: now, limit: 12 },
    }),
    stores.incidents.ofService(slo.service, 20),
    stores.observations.get<Failures>('cloud-monitoring', `failures/${id}`),
    stores.observations.get<ErrorLines>('cloud-logging', `loglines/${slo.service}`),
    stores.silences.standing(now),
    stores.sloStatement.indicatorChanges([id]),
  ]);
  const points = read.filter(({ at }) => at >= from);
  const runbook = catalog.runbooks.find((each) => each.slug === slo.runbook);
  return {
    now,
    inShadow: inShadow(slo.paging, context.deployment.mode),
    dataTo: state?.evaluation.dataTo ?? null,
    view: sloView(catalog, id, state)!,
    silences: shownSilences(
      catalog,
      silences.filter((each) => covers(each, silenceableOf(slo))),
    ),
    description: slo.description,
    profile: slo.profile,
    minBadEvents: slo.minBadEvents,
    indicatorChangedAt: indicatorChanges.get(id) ?? null,
    runbook: runbook ? { slug: runbook.slug, title: runbook.title } : null,
    range: range.name,
    chart: { from, to: now, step: range.step },
    points: range.step > minute ? addUp(points, slo.objective, range.step) : points,
    changes,
    around: changes.map((change) => ({ change, around: burnAround(read, slo.objective, change.at) })),
    budget: state && (await budgetOf(stores, slo, state.evaluation, indicatorChanges.get(id) ?? null)),
    timeZone: catalog.timeZone ?? 'UTC',
    whyNotCorrect: may(role, 'budget.correct') ? null : roleRefusal(role),
    incidents: incidents.filter((each) => each.slo === id).slice(0, 8),
    /** What fails is read while an incident is open, and stays as it was after it. */
    watched: incidents.some((each) => each.slo === id && each.status === 'open'),
    failures,
    lines,
  };
}

/** Reads the hours of the period, and minutes only of those where it or an incident begins or ends. */
async function budgetOf(
  stores: RequestContext['stores'],
  slo: Parameters<typeof budgetView>[0] & { id: string },
  evaluation: Parameters<typeof budgetView>[1],
  indicatorChangedAt: number | null,
) {
  const { at, period } = evaluation;
  const whole = { from: period.start, to: at };
  const [spells, corrections] = await Promise.all([
    stores.sloCounts.spells(slo.id, period.start, mostSpells),
    stores.budgetCorrections.of([slo.id], period.start, at),
  ]);
  const byMinute = edgeHours([whole, ...spells.map((each) => ({ from: each.from, to: each.to ?? at }))]);
  const counts = await stores.sloCounts.counts(slo.id, { ...whole, byMinute });
  return budgetView(slo, evaluation, counts, spells, corrections, indicatorChangedAt);
}

/** Approves a correction of the budget, or withdraws one. What was refused stands in the form again. */
export async function action({ request, params, context }: ActionFunctionArgs) {
  const id = params.id ?? '';
  const actor = await requireActing(context, 'budget.correct', paths.slo(id), request);
  const { stores, clock, address } = context;
  const { data: wish } = sloWish.safeParse(Object.fromEntries(await request.formData()));
  if (!wish) throw refusal(new AppError('bad_input'));
  const back = redirect(`${paths.slo(id)}#budget`, 303);
  if (wish.intent === 'withdraw') {
    const found = await stores.budgetCorrections.withdraw({ slo: id, id: wish.id }, actor, clock.now(), address);
    if (!found) throw refusal(new AppError('already_done'));
    return back;
  }
  const [catalog, state] = await Promise.all([stores.catalog.current(), stores.slos.state(id)]);
  const known = catalog?.slos.some((each) => each.id === id);
  if (!known || !state) throw refusal(new AppError('not_found', 'No SLO of this name is evaluated.'));
  const { intent: _, ...form } = wish;
  const wanted = readCorrection(form, catalog?.timeZone ?? 'UTC', state.evaluation.at);
  if ('field' in wanted) return data({ form, wrong: wanted }, 400);
  const { kind, from, to, reason } = wanted;
  const counts = await stores.sloCounts.counts(id, { from, to, byMinute: edgeHours([{ from, to }]) });
  const { bad, total } = kind === 'exclusion' ? storedSums(counts, from, to) : { bad: wanted.bad, total: 0 };
  const signed = { slo: id, kind, from, to, bad, total, reason, approvedBy: actor.email, approvedAt: clock.now() };
  try {
    await stores.budgetCorrections.approve(signed, address);
  } catch (error) {
    if (!errorCode(error)) throw error;
    return data({ form, wrong: { field: 'from' as const, message: (error as Error).message } }, errorStatus(error));
  }
  return back;
}

export default function SloRoute() {
  const page = useLoaderData<typeof loader>();
  const refused =
    useAnswer<typeof action, RefusedCorrection>((typed) =>
      typed.values.intent === 'correct'
        ? { form: typedInto(emptyCorrection, typed), wrong: null, said: typed.said }
        : null,
    ) ?? null;
  const { slo } = page.view;
  return (
    <>
      <div className="head">
        <div>
          <h1>{slo.title}</h1>
          <p className="meta">
            <a className="link" href={paths.service(slo.service)}>
              {slo.service}
            </a>
            {page.description && <span>{page.description}</span>}
          </p>
        </div>
        <div className="acts">
          <a className="btn quiet" href={`${paths.silences()}?slo=${encodeURIComponent(slo.id)}`}>
            Silence…
          </a>
          <a className="btn quiet" href={paths.sloWhatIf(slo.id)}>
            What if…
          </a>
          <a className="btn quiet" href={`${paths.statement()}?slo=${encodeURIComponent(slo.id)}`}>
            Statement
          </a>
          {page.inShadow && (
            <a className="btn quiet" href={`${paths.shadow()}?slo=${encodeURIComponent(slo.id)}`}>
              Shadow report
            </a>
          )}
        </div>
      </div>
      <div className="two">
        <div className="col">
          <SilenceBanner silences={page.silences} title="Silenced now" />
          <SloHero page={page} />
          {page.budget && (
            <BudgetPanel
              slo={slo}
              budget={page.budget}
              correcting={{ why: page.whyNotCorrect, timeZone: page.timeZone, refused }}
            />
          )}
          {slo.indicator.kind !== 'gauge' && <FailuresPanel view={page} system={systemOf(slo)} past={!page.watched} />}
          <SloChanges changes={page.around} />
        </div>
        <div className="col">
          {page.view.evaluation && <SloWindows slo={slo} evaluation={page.view.evaluation} />}
          <SloSettings
            slo={slo}
            profile={page.profile}
            minBadEvents={page.minBadEvents}
            indicatorChangedAt={page.indicatorChangedAt}
            runbook={page.runbook}
          />
          {page.incidents.length > 0 && (
            <Panel title="Its incidents">
              <IncidentRows
                incidents={page.incidents}
                vanished={page.view.evaluation?.condition === 'traffic-vanished' ? [slo.id] : []}
              />
            </Panel>
          )}
        </div>
      </div>
    </>
  );
}
