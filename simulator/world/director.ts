import type { Catalog } from '#app/domain/catalog.ts';
import { type DrillName, planDrill, type Step } from './drills.ts';
import { initialExposure } from './live-services.ts';
import { initialRevisions, makeRevision } from './revisions.ts';
import type { CloudRunControl, LiveService, SimClock, WorldEvent, WorldRevision } from './seams.ts';
import type { WorldState } from './state.ts';
import type { UnleashPerson } from './unleash-person.ts';

/** Makes drills happen: keeps their steps, and does each when data time reaches it. */
export interface Director {
  /** Replaces the running drill by another from `at` (data ms) on; resolves when all is ready for it. Throws where the catalog lacks what it needs. */
  start(name: DrillName, at: number): Promise<void>;
  /** Does what is due. Steps that need Unleash run one after the other; a failing one is tried again. */
  tick(): void;
  /** A new revision of a service takes its traffic, as a person would deploy it. Returns its name. */
  deploy(service: string, over: Partial<WorldRevision>): string;
}

/** A director over `state`; `save` is called after each change of it, `emit` tells the other parts. */
export function createDirector(options: {
  catalog: Catalog;
  services: LiveService[];
  clock: SimClock;
  state: WorldState;
  save: () => void;
  cloudRun: CloudRunControl;
  person: (email: string) => Promise<UnleashPerson>;
  emit: (event: WorldEvent) => void;
  log: (line: string) => void;
}): Director {
  const { state, clock, services } = options;
  let busy = false;
  let retryAt = 0;

  const deploy: Director['deploy'] = (service, over) => {
    const target = services.find((one) => one.id === service)!.target;
    const at = clock.now();
    const made = (state.deploys[service] ?? 0) + 1;
    state.deploys[service] = made;
    options.save();
    const before = initialRevisions(state.seed, target.service, state.worldStart).at(-1)!;
    const number = Number(/-(\d+)-[a-z]+$/.exec(before.name)?.[1]) + made;
    const revision = makeRevision(state.seed, target.service, number, at, over);
    options.cloudRun.deploy(service, revision);
    options.emit({ kind: 'deploy', at, service, revision });
    return revision.name;
  };

  const perform = async (step: Step): Promise<void> => {
    if (step.do === 'harm') state.harms.push({ ...step.harm, from: Math.max(step.harm.from, clock.now()) });
    else if (step.do === 'ratio')
      state.ratios.push({ service: step.service, ratio: step.ratio, from: step.at, to: null });
    else if (step.do === 'blackout') state.blackouts.push({ from: step.at, to: null });
    else if (step.do === 'deploy') state.harms.push({ ...step.harm, revision: deploy(step.service, step.revision) });
    else {
      const person = await options.person(step.by);
      await person.setRollout(step.flag, step.rollout);
      const summary = `${step.flag} rolled out to ${step.rollout} %`;
      options.emit({ kind: 'flag', at: clock.now(), service: step.service, flag: step.flag, by: step.by, summary });
    }
  };

  /** Brings back what an earlier drill or its cure left, so that the step changes something. Signing in takes a second, minutes of a fast clock: done here. */
  const prepare = async (step: Step): Promise<void> => {
    if (step.do === 'deploy') options.cloudRun.toLatest?.(step.service);
    if (step.do !== 'exposure') return;
    const person = await options.person(step.by);
    const declared = options.catalog.flags.find((flag) => flag.name === step.flag);
    const before = declared ? Math.round(initialExposure(state.seed, declared) * 100) : 0;
    if ((await person.rollout(step.flag)) !== before) await person.setRollout(step.flag, before);
  };

  const run = async () => {
    busy = true;
    try {
      while (state.pending[0] && state.pending[0].at <= clock.now()) {
        await perform(state.pending[0]);
        state.pending.shift();
        options.save();
      }
    } catch (error) {
      options.log(`A drill step failed and is tried again: ${error instanceof Error ? error.message : error}`);
      retryAt = clock.wall() + 1000;
    } finally {
      busy = false;
    }
  };

  return {
    deploy,
    async start(name, at) {
      const plan = planDrill(name, at, options.catalog, services);
      for (const step of plan.steps) await prepare(step);
      for (const one of [...state.harms, ...state.ratios, ...state.blackouts]) one.to ??= at;
      state.drill = { name: plan.name, at, service: plan.service, flag: plan.flag };
      state.pending = plan.steps;
      options.save();
      options.emit({ kind: 'drill', at, drill: name });
    },
    tick() {
      if (!busy && clock.wall() >= retryAt && state.pending[0] && state.pending[0].at <= clock.now()) void run();
    },
  };
}
