import { join } from 'node:path';
import type { Catalog } from '#app/domain/catalog.ts';
import type { WorldControl } from './control/control.ts';
import { createWorldControl } from './control/world-control.ts';
import { registerLogging } from './google/logging/register.ts';
import { registerAlertPolicies } from './google/monitoring/alert-policies.ts';
import { registerMonitoring } from './google/monitoring/register.ts';
import { registerServiceLevelObjectives } from './google/monitoring/service-level-objectives.ts';
import { createGoogleServer, type GoogleServer } from './google/server.ts';
import { createDirector } from './world/director.ts';
import { createFailureLog, type FailureLog } from './world/failure-log.ts';
import { history } from './world/history.ts';
import { initialExposure, liveServices } from './world/live-services.ts';
import { openMinuteFile } from './world/minute-file.ts';
import type { MinuteRecord } from './world/minute-record.ts';
import { oldIncidents } from './world/old-incidents.ts';
import { makeProfile } from './world/profile.ts';
import { resetFlags } from './world/reset-flags.ts';
import { createSdkFleet } from './world/sdk-fleet.ts';
import type { CloudRunControl, Faults, SimClock, SimContext, WorldEvent } from './world/seams.ts';
import { seedFlags } from './world/seed-unleash.ts';
import { createSeriesStore, type SeriesStore } from './world/series-store.ts';
import { openState } from './world/state.ts';
import { unleashCaller, unleashUp } from './world/unleash-api.ts';
import { signInPerson, type UnleashPerson } from './world/unleash-person.ts';
import { createVisibility } from './world/visibility.ts';
import { createWorld, type ServiceView } from './world/world.ts';

/** The whole watched world without its doors: started by `main.ts` and by tests. */
export interface Simulation {
  context: SimContext;
  google: GoogleServer;
  store: SeriesStore;
  failures: FailureLog;
  control: WorldControl;
  /** Each service's last sealed minute. */
  views(): ServiceView[];
  /** Name of the running drill. */
  drill(): string;
  /** Hears of each minute as it is sealed. */
  onMinute(listener: (records: MinuteRecord[]) => void): () => void;
  /** Waits for Unleash, seeds it, starts the SDKs and lets time pass. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const tickMs = 100;

/** Builds the world of a catalog. `cloudRun` is asked for traffic and told of deploys. */
export function createSimulation(options: {
  catalog: Catalog;
  seed: string;
  clock: SimClock;
  faults: Faults;
  dataFolder: string;
  /** Data ms at which a new world's lived part begins; null or missing: now. */
  worldStart?: number | null;
  /** Speed that SDKs keep the pace of; null or missing: the clock's own. */
  sdkSpeed?: number | null;
  unleash: { url: string; adminToken: string; clientToken: string };
  cloudRun: (context: SimContext, google: GoogleServer) => CloudRunControl;
  log: (line: string) => void;
}): Simulation {
  const { catalog, clock, faults, unleash, log } = options;
  const services = liveServices(catalog);
  const { state, save } = openState(options.dataFolder, options.seed, options.worldStart ?? clock.now());
  const { seed, worldStart } = state;

  const eventListeners = new Set<(event: WorldEvent) => void>();
  const minuteListeners = new Set<(records: MinuteRecord[]) => void>();
  const context: SimContext = {
    clock,
    seed,
    worldStart,
    dataFolder: options.dataFolder,
    services,
    faults,
    onEvent: (listener) => {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
    },
  };

  const store = createSeriesStore(
    services,
    createVisibility(seed, () => state.blackouts),
    clock.now,
    (queue, minute) =>
      (state.stuckQueues ?? []).some(
        (one) =>
          one.queue === queue &&
          one.from < (minute + 1) * 60_000 &&
          (one.to ?? Number.POSITIVE_INFINITY) > minute * 60_000,
      ),
  );
  const failures = createFailureLog();
  const remember = (record: MinuteRecord) => {
    store.add(record);
    failures.add(record);
  };
  const profiles = services.map((service) => makeProfile(seed, service, catalog.slos));
  for (const profile of profiles) {
    const flags = profile.service.flags.map((flag) => [flag.name, initialExposure(seed, flag)]);
    const harms = oldIncidents(seed, profile, worldStart);
    for (const record of history(seed, profile, worldStart, harms, Object.fromEntries(flags))) remember(record);
  }
  const file = openMinuteFile(options.dataFolder);
  const next = new Map(services.map(({ id }) => [id, Math.floor(worldStart / 60_000)]));
  for (const record of file.read()) {
    if (!next.has(record.service)) continue;
    remember(record);
    next.set(record.service, record.minute + 1);
  }

  const onMinute = (listener: (records: MinuteRecord[]) => void) => {
    minuteListeners.add(listener);
    return () => minuteListeners.delete(listener);
  };
  const google = createGoogleServer(faults);
  // A clock that leaps has lived its minutes before anybody reads them.
  registerMonitoring(google, {
    ...store,
    series(project, metricType) {
      world.tick();
      return store.series(project, metricType);
    },
  });
  registerAlertPolicies(google, {
    now: clock.now,
    file: join(options.dataFolder, 'alert-policies.json'),
    hasProject: store.hasProject,
  });
  registerServiceLevelObjectives(google, store);
  registerLogging(google, context, failures, onMinute);
  const cloudRun = options.cloudRun(context, google);
  const fleets = profiles.map((profile) => ({
    profile,
    fleet: createSdkFleet(profile.service, unleash.url, unleash.clientToken),
  }));
  const world = createWorld({
    seed,
    clock,
    services: fleets,
    nextMinute: (service) => next.get(service)!,
    trafficOf: cloudRun.trafficOf,
    sdkSpeed: options.sdkSpeed ?? null,
    harms: () => state.harms,
    ratios: () => state.ratios,
    sealed(records) {
      // On disk before anybody can read it: what was served once is the past for good.
      file.append(records);
      for (const record of records) {
        remember(record);
        fleets.find(({ profile }) => profile.service.id === record.service)?.fleet.count(record.flags);
      }
      for (const listener of minuteListeners) listener(records);
    },
  });

  const admin = unleashCaller(unleash.url, { authorization: unleash.adminToken });
  const people = new Map<string, Promise<UnleashPerson>>();
  const person = (email: string) => {
    let found = people.get(email);
    if (!found) {
      found = signInPerson(unleash.url, admin, email);
      found.catch(() => people.delete(email));
      people.set(email, found);
    }
    return found;
  };
  const director = createDirector({
    catalog,
    services,
    clock,
    state,
    save,
    cloudRun,
    person,
    emit: (event) => {
      for (const listener of eventListeners) listener(event);
    },
    log,
  });

  const control = createWorldControl({
    context,
    state,
    save,
    director,
    person,
    cloudRun,
    resetFlags: () => resetFlags(admin, catalog.flags, (flag) => initialExposure(seed, flag)),
    views: world.views,
    fleets: () => fleets.map(({ profile, fleet }) => ({ service: profile.service.id, ...fleet.stats() })),
  });

  let timer: NodeJS.Timeout | null = null;
  const tick = () => {
    director.tick();
    world.tick();
    timer = setTimeout(tick, tickMs);
  };
  return {
    context,
    google,
    store,
    failures,
    control,
    views: world.views,
    drill: () => state.drill.name,
    onMinute,
    async start() {
      await unleashUp(admin);
      const seeded = await seedFlags(admin, catalog.flags, (flag) => initialExposure(seed, flag));
      if (seeded.created.length > 0) log(`Flags created in Unleash: ${seeded.created.join(', ')}`);
      tick();
    },
    async stop() {
      if (timer) clearTimeout(timer);
      for (const { fleet } of fleets) fleet.stop();
      await google.close();
    },
  };
}
