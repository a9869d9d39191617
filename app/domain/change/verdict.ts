import type { Service } from '../service/service.ts';
import type { Suspect } from './change.ts';

/** What begins at an onset, unless something else does. */
export const firstErrors = 'the first errors';

/** One sentence for a burn that no change is proven to explain; it says what is known instead, and where to look. */
export function verdictOf(
  {
    incident,
    services,
  }: {
    incident: { service: string | null; onset: number | null; began?: string };
    services: readonly Pick<Service, 'id' | 'dependsOn' | 'kind'>[];
  },
  suspects: readonly Suspect[],
): string {
  if (incident.onset === null)
    return 'Nothing of ours explains this: no SLO burns, so no change can be weighed against first errors.';
  const some = suspects.find(({ evidence }) => evidence === 'some');
  if (some) {
    const reason = some.reasons[0] ?? 'shortly before';
    return `Nothing of ours explains this for certain: ${some.change.title}, ${reason}, but no count with and without it proves it.`;
  }
  return `Nothing of ours explains this: ${known(suspects, incident.began ?? firstErrors)}${elsewhere(incident.service, services)}.`;
}

function known(suspects: readonly Suspect[], began: string): string {
  if (suspects.length === 0) return `no change is known from the 24 h before ${began}`;
  if (suspects.every(({ evidence }) => evidence === 'none')) return 'requests fail alike with and without what changed';
  return `no change to it or to what it depends on came shortly before ${began}`;
}

/** What it depends on that others run. */
function elsewhere(service: string | null, services: readonly Pick<Service, 'id' | 'dependsOn' | 'kind'>[]): string {
  const outside = services
    .find(({ id }) => id === service)
    ?.dependsOn.filter((id) =>
      services.some((one) => one.id === id && ['provider', 'database', 'queue'].includes(one.kind)),
    );
  return outside?.length ? `; look at what it depends on: ${outside.join(', ')}` : '';
}
