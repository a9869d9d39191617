import type { Alert } from '#app/domain/alert/alert.ts';
import type { Incident } from '#app/domain/incident/incident.ts';
import { stands } from '#app/domain/silence/silence.ts';
import { wholeHours } from '#app/domain/slo/statement.ts';
import { storedSums } from '#app/domain/slo/stored-counts.ts';
import { AppError } from '#app/errors.ts';
import { createServedFlagStore } from '#app/stores/flag/served-flags.server.ts';
import { createHappenedStore } from '#app/stores/happened.server.ts';
import type { Observation, Stores } from '#app/stores/stores.ts';
import { fakeWishes } from './flag-wishes.ts';
import { fakeFreezes, fakeGates } from './gates.ts';
import { fakePanics } from './panics.ts';
import { people } from './people.ts';
import { fakeRollouts } from './rollouts.ts';
import type { World } from './world.ts';

/** What pages asked the stores to do, in order. */
export type Told = { what: string; with: unknown }[];

/** The alert of an incident's own SLO, which ends with it. */
function alertsOf(incident: Incident | undefined): Alert[] {
  if (!incident?.slo || !incident.tier) return [];
  const { id, slo, tier, openedAt, resolvedAt } = incident;
  const service = incident.service ?? '';
  return [{ id: `a-${slo}`, slo, service, tier, peakTier: tier, openedAt, clearedAt: resolvedAt, incidentId: id }];
}

/** Fake stores over a world: reads answer from it, writes are remembered. */
export function fakeStores(world: World, told: Told): Stores {
  const tell = (what: string) => async (input: unknown) => {
    told.push({ what, with: input });
  };
  const observation = (key: string) =>
    (world.observations[key] ?? { value: null, at: null, error: null, errorAt: null }) as Observation<never>;
  const sloState = (id: string) => {
    const played = world.histories[id];
    const slo = world.catalog?.slos.find((each) => each.id === id);
    if (!played || !slo) return null;
    const { evaluation } = played;
    return {
      slo: id,
      service: slo.service,
      at: evaluation.at,
      tier: evaluation.tier,
      evaluation,
      readAt: world.sourceError?.readAt ?? world.now - 20_000,
      error: world.sourceError?.error ?? null,
      errorAt: world.sourceError?.at ?? null,
    };
  };
  const stores: Omit<Stores, 'happened'> = {
    catalog: { current: async () => world.catalog, save: async () => undefined },
    runbookTexts: {
      changed: async () => new Map((world.catalog?.runbooks ?? []).map(({ slug }) => [slug, null])),
      search: async ({ words, service, slo }) =>
        (world.catalog?.runbooks ?? [])
          .filter((each) => service === null || each.service === service)
          .filter((each) => slo === null || each.slos.includes(slo))
          .filter((each) => each.title.toLowerCase().includes(words.toLowerCase()))
          .map(({ slug }) => ({ slug, snippet: [] })),
    },
    slos: {
      states: async () => Object.keys(world.histories).flatMap((id) => sloState(id) ?? []),
      state: async (id) => sloState(id),
      minutes: async (id, from, to) => world.histories[id]?.points(from, to) ?? [],
      points: async (id, from, to) => world.histories[id]?.points(from, to) ?? [],
    },
    sloCounts: {
      counts: async (id, range) => world.histories[id]?.counts(range) ?? { hours: new Map(), minutes: new Map() },
      spells: async (id, since) =>
        world.incidents
          .filter((each) => each.slo === id && (each.resolvedAt ?? world.now) >= since)
          .map((each) => ({
            id: each.id,
            title: each.title,
            from: each.startedAt ?? each.openedAt,
            to: each.resolvedAt,
          })),
    },
    sloStatement: {
      indicatorChanges: async (slos) =>
        new Map(Object.entries(world.indicatorChanges ?? {}).filter(([slo]) => slos.includes(slo))),
      stretches: async (wanted) =>
        new Map(
          wanted.map(({ slo, from, to }) => {
            const whole = wholeHours(from, to);
            const byMinute = [from, to].map((at) => Math.floor(at / 3_600_000));
            const counts = world.histories[slo]?.counts({ from, to, byMinute }) ?? {
              hours: new Map(),
              minutes: new Map(),
            };
            return [slo, { whole: storedSums(counts, whole.first * 3_600_000, whole.end * 3_600_000), edges: counts }];
          }),
        ),
      incidents: async (slos) =>
        new Map(
          world.incidents
            .filter(({ slo }) => slo !== null && slos.includes(slo))
            .map((each) => [each.slo!, { count: 1, ms: (each.resolvedAt ?? world.now) - each.openedAt }]),
        ),
    },
    shadow: {
      pages: async (slos) => (world.shadow?.pages ?? []).filter(({ slo }) => slos.includes(slo)),
      incidents: async () => world.shadow?.incidents ?? [],
      evaluated: async (slos) =>
        new Map(
          slos.flatMap((slo) => (world.shadow ? [[slo, { from: world.shadow.since, to: world.now - 240_000 }]] : [])),
        ),
    },
    budgetCorrections: {
      of: async (slos, from, to) =>
        (world.corrections ?? []).filter((each) => slos.includes(each.slo) && each.from >= from && each.from < to),
      approve: async (correction) => {
        told.push({ what: 'approve', with: correction });
        return 'correction-new';
      },
      withdraw: async (wanted, actor) => {
        told.push({ what: 'withdraw', with: { ...wanted, by: actor.email } });
        return (world.corrections ?? []).some((each) => each.id === wanted.id);
      },
    },
    silences: {
      standing: async (at) => (world.silences ?? []).filter((each) => stands(each, at)),
      past: async (at, limit) => (world.silences ?? []).filter((each) => !stands(each, at)).slice(0, limit),
      get: async (id) => (world.silences ?? []).find((each) => each.id === id) ?? null,
      make: async (wanted, by) => {
        told.push({ what: 'silence', with: { ...wanted, by: by.email } });
        return 'silence-new';
      },
      extend: async (id, until, by) => {
        told.push({ what: 'extend', with: { id, until, by: by.email } });
        return true;
      },
      end: async (id, by) => {
        told.push({ what: 'end', with: { id, by: by.email } });
        return (world.silences ?? []).some((each) => each.id === id);
      },
    },
    deliveries: {
      of: async (id) => (world.deliveries ?? []).filter((each) => each.incident === id),
      recent: async ({ open, limit }) =>
        (world.deliveries ?? [])
          .filter((each) => !open || !['delivered', 'held-back'].includes(each.state.kind))
          .slice(0, limit),
      returns: async () => world.returns ?? [],
    },
    incidents: {
      open: async () => world.incidents.filter((each) => each.status === 'open'),
      recent: async (limit) => world.incidents.slice(0, limit),
      get: async (id) => world.incidents.find((each) => each.id === id) ?? null,
      ofService: async (service, limit) => world.incidents.filter((each) => each.service === service).slice(0, limit),
      alerts: async (id) => world.alerts?.[id] ?? alertsOf(world.incidents.find((each) => each.id === id)),
      timeline: async () => world.timeline,
      pagerDuty: async (id) => world.pagerDuty[id] ?? [],
      byPagerDuty: async (id) => {
        const found = Object.entries(world.pagerDuty).find(([, each]) => each.some((one) => one.id === id));
        return world.incidents.find((each) => each.id === found?.[0]) ?? null;
      },
      askFor: tell('askFor'),
    },
    changes: {
      recent: async ({ service, environment, limit }) =>
        world.changes
          .filter((each) => !service || each.service === service)
          .filter((each) => !environment || [null, environment].includes(each.environment))
          .slice(0, limit),
      ofFlag: async (flag, limit) => world.changes.filter((each) => each.target === flag).slice(0, limit),
      lastOfFlags: async () => world.changes.filter((each) => each.kind === 'flag'),
      record: async () => true,
      report: async () => true,
    },
    observations: {
      get: async (source, key) => observation(`${source} ${key}`),
      all: async (source, prefix = '') =>
        Object.fromEntries(
          Object.keys(world.observations)
            .filter((key) => key.startsWith(`${source} ${prefix}`))
            .map((key) => [key.slice(source.length + 1), observation(key)]),
        ),
      saw: async () => undefined,
      failed: async () => undefined,
    },
    servedFlags: createServedFlagStore({ get: async (source, key) => observation(`${source} ${key}`) }),
    followUps: {
      reminders: async (ids) => new Map([...(world.reminders ?? [])].filter(([id]) => ids.includes(id))),
      open: async (service) =>
        world.followUps.filter((each) => each.clearedAt === null && (!service || each.service === service)),
      recent: async () => world.followUps,
      of: async ({ incidentId, runIds }) =>
        world.followUps.filter((each) => each.incidentId === incidentId || runIds.includes(each.runId ?? '')),
      clear: async (id, actor) => {
        told.push({ what: 'clear', with: { id, by: actor.email } });
        return true;
      },
      change: async (id, wanted, actor) => {
        told.push({ what: 'change', with: { id, ...wanted, by: actor.email } });
      },
    },
    audit: {
      append: async (line) => {
        told.push({ what: 'audit', with: line });
      },
      page: async () => world.audit,
      verify: async () => {
        throw new Error('a page never reads the whole chain');
      },
    },
    rollouts: fakeRollouts(world, told),
    runs: {
      get: async (id) => world.runs.find((each) => each.id === id) ?? null,
      file: async (id) =>
        world.runs.some((run) => run.id === id)
          ? { path: 'runbooks/voiceover-burn.md', text: '# <b>As opened</b>\n' }
          : null,
      list: async ({ incidentId, service, open, targets, limit }) =>
        world.runs
          .filter((run) => !targets || run.steps.some((step) => targets.includes(step.plan?.target ?? '')))
          .filter((run) => !incidentId || run.incidentId === incidentId)
          .filter((run) => !service || run.service === service)
          .filter((run) => !open || run.state === 'open' || run.state === 'prepared')
          .slice(0, limit),
      captured: async () => null,
      turnedBack: async () => [],
      openRun: async (run, actor) => {
        told.push({ what: 'openRun', with: { ...run, by: actor.email } });
        return world.runs[0]?.id ?? 'run-new';
      },
      waitForPlan: async () => true,
      confirm: async (input) => {
        told.push({ what: 'confirm', with: input });
        const step = world.runs.flatMap((run) => run.steps).find((each) => each.id === input.stepId);
        if (step?.planHash !== input.hash) throw new AppError('plan_stale');
        if (step?.plan?.needsReason && !(input.reason && input.acknowledged)) throw new AppError('reason_needed');
      },
      skip: tell('skip'),
      undo: tell('undo'),
      resolveUnknown: tell('resolveUnknown'),
      byHand: tell('byHand'),
      takeOver: tell('takeOver'),
      cancel: tell('cancel'),
      replan: async (runId, stepId) => {
        told.push({ what: 'replan', with: { runId, stepId } });
      },
      holder: async () => world.holder ?? null,
      ...fakeGates(world, told),
    },
    freezes: fakeFreezes(world, told),
    runRecords: {
      notes: async () => world.notes ?? [],
      note: tell('note'),
      handOver: tell('handOver'),
      heldBy: async () => world.held ?? [],
      lines: async () => world.lines ?? [],
    },
    people: {
      get: async (email) =>
        Object.values(people)
          .map((each) => ({ ...each, teams: [...each.teams] }))
          .find((each) => each.email === email) ?? null,
      acting: async () =>
        Object.values(people)
          .filter(({ role }) => role !== 'viewer')
          .map(({ name, email }) => ({ name, email })),
      names: async () => Object.fromEntries(Object.values(people).map(({ name, email }) => [email, name])),
    },
    rehearsals: {
      all: async () => new Map(),
      of: async () => null,
      record: async () => undefined,
    },
    panics: fakePanics(world, told),
    ...fakeWishes(world, told),
    presence: {
      seen: async () => undefined,
      others: async () => world.others.map((name) => ({ name, seenAt: world.now })),
    },
    apiKeys: { find: async () => null, create: async () => '' },
    apiRequests: { once: async (_asking, open) => ({ runId: await open(), known: false }) },
    webhooks: { store: async () => true },
  };
  return { ...stores, happened: createHappenedStore(stores, (text) => text) };
}
