import type { Catalog } from '#app/domain/catalog.ts';
import type { FlagDeclaration } from '#app/domain/flag/flag.ts';
import type { Harm } from './harm.ts';
import type { LiveService, WorldRevision } from './seams.ts';

/** The drills by name. */
export const drillNames = [
  'bad-flag',
  'bad-revision',
  'provider-outage',
  'monitoring-blackout',
  'traffic-vanished',
  'storm',
  'quiet',
] as const;
export type DrillName = (typeof drillNames)[number];

/** One thing a drill does at a moment of data time. `exposure` is done through Unleash by a person, the others happen. */
export type Step =
  | { at: number; do: 'exposure'; service: string; flag: string; rollout: number; by: string }
  | { at: number; do: 'deploy'; service: string; revision: Partial<WorldRevision>; harm: Omit<Harm, 'revision'> }
  | { at: number; do: 'harm'; harm: Harm }
  | { at: number; do: 'ratio'; service: string; ratio: number }
  | { at: number; do: 'blackout' };

/** A drill made for a catalog. */
export interface DrillPlan {
  name: DrillName;
  at: number;
  service: string | null;
  flag: string | null;
  steps: Step[];
}

const minutes = 60_000;

/** Plans a drill for whatever the catalog holds, from `at` (data ms) on. Throws where the catalog lacks what the drill needs. */
export function planDrill(name: DrillName, at: number, catalog: Catalog, live: LiveService[]): DrillPlan {
  const plan = (service: string | null, flag: string | null, steps: Step[]) => ({ name, at, service, flag, steps });
  if (name === 'quiet') return plan(null, null, []);
  if (name === 'storm') return plan(null, null, storm(at, catalog, live));
  const flag = suspectFlag(catalog, live);
  const service = live.find((one) => one.id === flag?.service) ?? live[0];
  if (!service) throw new Error('The catalog has no service with a Cloud Run target.');
  if (name === 'traffic-vanished')
    return plan(service.id, null, [{ at, do: 'ratio', service: service.id, ratio: 0.02 }]);
  if (name === 'bad-revision') return plan(service.id, null, [badRevision(at, service.id)]);
  if (name === 'provider-outage') {
    const found = onProvider(catalog, live, service);
    return plan(found.service.id, null, [
      { at, do: 'harm', harm: providerHarm(at, found.service, found.provider, 0.12) },
    ]);
  }
  if (!flag) throw new Error('The catalog has no release flag of a running service whose safe state is off.');
  if (name === 'bad-flag') return plan(service.id, flag.name, badFlag(at, flag, 25));
  // A strong burn that has paged, and then ten minutes of silence and more by the time that somebody looks.
  const steps: Step[] = [...badFlag(at, flag, 60), { at: at + 26 * minutes, do: 'blackout' }];
  return plan(service.id, flag.name, steps);
}

/** The flag a person would have rolled out: of a running service, safe when off, guarded by an SLO; a named owner first. */
function suspectFlag(catalog: Catalog, live: LiveService[]): FlagDeclaration | null {
  const ids = new Set(live.map((service) => service.id));
  const fit = catalog.flags.filter(
    (flag) => ids.has(flag.service) && flag.safe.state === 'off' && flag.slos.length > 0 && flag.type === 'release',
  );
  return fit.find((flag) => person(flag) !== null) ?? fit[0] ?? null;
}

const person = (flag: FlagDeclaration) => flag.owners.find((owner) => owner.includes('@')) ?? null;

const always = { to: null, flag: null, sparedBy: null, revision: null, failShare: 0, slowShare: 0 };

function badFlag(at: number, flag: FlagDeclaration, rollout: number): Step[] {
  const generation = /-v(\d+)$/.exec(flag.name)?.[1];
  const cause = generation
    ? `model "v${generation}-large" not found`
    : `${flag.name}: the new path answered with an unexpected shape`;
  const harm: Harm = {
    ...always,
    service: flag.service,
    from: at,
    flag: { name: flag.name, enabled: true },
    failShare: 0.104,
    slowShare: 0.02,
    failures: [
      { code: 502, weight: 0.945, message: cause },
      { code: 504, weight: 0.055, message: 'deadline exceeded' },
    ],
  };
  return [
    {
      at,
      do: 'exposure',
      service: flag.service,
      flag: flag.name,
      rollout,
      by: person(flag) ?? `${flag.owners[0]}@studio.example`,
    },
    // After the rollout and not with it: while the clock runs fast, Unleash takes minutes of data time to turn a flag.
    { at, do: 'harm', harm },
  ];
}

function badRevision(at: number, service: string): Step {
  return {
    at,
    do: 'deploy',
    service,
    revision: { author: 'mira@studio.example', message: 'Read takes from the new table', rollback: null },
    harm: {
      ...always,
      service,
      from: at,
      failShare: 0.03,
      slowShare: 0,
      failures: [{ code: 500, weight: 1, message: 'TypeError: cannot read properties of undefined (reading "takes")' }],
    },
  };
}

/** A running service that depends on a provider; the usual one first. */
function onProvider(catalog: Catalog, live: LiveService[], first: LiveService) {
  const providers = new Set(catalog.services.filter((s) => s.kind === 'provider').map((s) => s.id));
  for (const service of [first, ...live]) {
    const provider = service.dependsOn.find((id) => providers.has(id));
    if (provider) return { service, provider };
  }
  throw new Error('No running service of the catalog depends on a provider.');
}

/** Calls to a dependency fail, whatever flag or revision; a fallback flag that is on spares them. */
function providerHarm(at: number, service: LiveService, dependency: string, failShare: number): Harm {
  const fallback = service.flags.find((flag) => flag.type === 'kill-switch' && flag.safe.state === 'on');
  return {
    ...always,
    service: service.id,
    from: at,
    sparedBy: fallback?.name ?? null,
    failShare,
    slowShare: 0.05,
    failures: [
      { code: 503, weight: 0.8, message: `${dependency} answered 503 Service Unavailable` },
      { code: 504, weight: 0.2, message: `${dependency} did not answer within 10 s` },
    ],
  };
}

/** A dependency that most running services stand on, directly or through each other, fails for all of them. */
function storm(at: number, catalog: Catalog, live: LiveService[]): Step[] {
  const depends = new Map(catalog.services.map((service) => [service.id, service.dependsOn]));
  const distance = (from: string, to: string, seen: string[] = []): number => {
    if (from === to) return 0;
    const next = (depends.get(from) ?? []).filter((id) => !seen.includes(id));
    return 1 + Math.min(...next.map((id) => distance(id, to, [...seen, from])), Number.POSITIVE_INFINITY);
  };
  const ids = new Set(live.map((service) => service.id));
  const shared = catalog.services
    .filter((service) => !ids.has(service.id))
    .map((service) => ({
      id: service.id,
      struck: live.filter((one) => Number.isFinite(distance(one.id, service.id))),
      weight: ['database', 'queue', 'provider'].includes(service.kind) ? 0.5 : 0,
    }))
    .sort((a, b) => b.struck.length + b.weight - a.struck.length - a.weight)[0];
  if (!shared || shared.struck.length === 0) throw new Error('No running service of the catalog depends on anything.');
  return shared.struck.map((service) => ({
    at,
    do: 'harm' as const,
    harm: {
      ...providerHarm(at, service, shared.id, 0.12 / distance(service.id, shared.id)),
      sparedBy: null,
      slowShare: 0.2,
    },
  }));
}
