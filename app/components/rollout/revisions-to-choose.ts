import { inForce } from '../../domain/service/traffic.ts';
import type { ServiceReading } from '../observed-service.ts';

const shown = 5;

/** The newest revisions of a service that could take traffic, each with the percentage that it has now; none before a first look. */
export function revisionsToChoose(
  reading: Pick<ServiceReading, 'service' | 'revisions'> | null,
): { name: string; percent: number }[] {
  if (!reading) return [];
  const percent = inForce(reading.service);
  return reading.revisions
    .filter(({ ready, retired }) => ready && !retired)
    .sort((a, b) => b.createdAt - a.createdAt)
    .slice(0, shown)
    .map(({ name }) => ({ name, percent: percent[name] ?? 0 }));
}
