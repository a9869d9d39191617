import type { Service } from './service.ts';

/** Everything a service calls, directly or through others; without the service itself, safe against circles. */
export function dependenciesOf(services: readonly Pick<Service, 'id' | 'dependsOn'>[], id: string): Set<string> {
  const byId = new Map(services.map((service) => [service.id, service]));
  const found = new Set<string>();
  const queue = [id];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const dependency of byId.get(next)?.dependsOn ?? []) {
      if (found.has(dependency) || dependency === id) continue;
      found.add(dependency);
      queue.push(dependency);
    }
  }
  return found;
}

/**
 * What two services have in common: the one that the other depends on, else a service that both depend on;
 * null when nothing ties them. The deepest tie is not looked for: any is a reason to see one cause.
 */
export function sharedDependency(
  services: readonly Pick<Service, 'id' | 'dependsOn'>[],
  a: string,
  b: string,
): string | null {
  if (a === b) return a;
  const ofA = dependenciesOf(services, a);
  const ofB = dependenciesOf(services, b);
  if (ofB.has(a)) return a;
  if (ofA.has(b)) return b;
  for (const dependency of ofA) if (ofB.has(dependency)) return dependency;
  return null;
}
