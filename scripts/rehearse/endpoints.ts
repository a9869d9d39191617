import type { Catalog } from '#app/domain/catalog.ts';
import { type Endpoint, referencesIn } from '#app/domain/endpoint/endpoint.ts';

/** What stands in for the endpoints of a catalog. */
export interface StandIns {
  /** Settings of the console that lead every reference of an endpoint to the simulator. */
  env: Record<string, string>;
  /** Endpoints that name a real address, which a rehearsal must not call. */
  outside: string[];
}

/** Where the endpoints of a catalog are in a simulated world that answers at `url`. */
export function standIns(catalog: Pick<Catalog, 'endpoints'>, url: string): StandIns {
  const env: Record<string, string> = {};
  const outside: string[] = [];
  for (const endpoint of catalog.endpoints ?? []) {
    const base = /^\$\{env:([A-Z][A-Z0-9_]*)\}/.exec(endpoint.url)?.[1];
    if (!base) outside.push(endpoint.name);
    else env[`FIREBREAK_REF_${base}`] ??= `${url}${pathOf(endpoint)}`;
    // Without its settings nobody can call what stays outside.
    const filled = base ? 'rehearsal' : '';
    for (const name of [endpoint.url, ...Object.values(endpoint.headers)].flatMap(referencesIn))
      if (name !== base) env[`FIREBREAK_REF_${name}`] ??= filled;
  }
  return { env, outside };
}

/** The simulator's door for an endpoint, without what its address goes on with. */
function pathOf({ use, name }: Endpoint): string {
  if (use === 'chat') return '/chat';
  return use === 'probe' ? `/health/${name}` : `/stand-in/${name}`;
}
