import type { Service } from '../domain/service/service.ts';

const words: Record<Service['kind'], string> = {
  'cloud-run': 'Cloud Run',
  catalog: 'service',
  provider: 'provider',
  database: 'database',
  queue: 'queue',
};

/** What kind of service it is, in a word. */
export function kindText(kind: Service['kind']): string {
  return words[kind];
}
