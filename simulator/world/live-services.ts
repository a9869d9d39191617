import type { Catalog } from '#app/domain/catalog.ts';
import type { FlagDeclaration } from '#app/domain/flag/flag.ts';
import { hash } from './random.ts';
import type { LiveService } from './seams.ts';

/** The services of the catalog that run: those with a Cloud Run target. */
export function liveServices(catalog: Catalog): LiveService[] {
  const queues = new Set(catalog.services.filter(({ kind }) => kind === 'queue').map(({ id }) => id));
  return catalog.services.flatMap((service) =>
    service.cloudRun
      ? [
          {
            id: service.id,
            title: service.title,
            owner: service.owner,
            target: service.cloudRun,
            pagerDutyService: service.pagerDutyService,
            dependsOn: service.dependsOn,
            queues: service.dependsOn.filter((id) => queues.has(id)),
            flags: catalog.flags.filter((flag) => flag.service === service.id),
          },
        ]
      : [],
  );
}

/** Share of people (0 to 1) a flag is on for in production before anything happens. */
export function initialExposure(seed: string, flag: FlagDeclaration): number {
  // What only helps in an emergency is off; what is safe on and no such switch is on for everybody.
  if (flag.safe.state === 'on') return flag.type === 'kill-switch' ? 0 : 1;
  if (flag.type === 'release') return 0.05;
  return flag.type === 'experiment' ? 0.5 : [0.5, 1][hash(seed, flag.name, 'exposure') % 2]!;
}
