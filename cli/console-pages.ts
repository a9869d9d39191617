import type { Pages } from '#app/domain/slo-export/exported.ts';
import { paths } from '#app/paths.ts';
import { type Terminal, UsageError } from './command.ts';

/** Addresses of the console's pages from `--base-url`, else FIREBREAK_BASE_URL; null when neither is set. */
export function consolePages(option: string | undefined, { env }: Pick<Terminal, 'env'>): Pages {
  const base = (option ?? env.FIREBREAK_BASE_URL)?.trim().replace(/\/$/, '');
  if (!base) return null;
  if (!URL.canParse(base) || !/^https?:/.test(base))
    throw new UsageError(`--base-url "${base}" is not an http address.`);
  return { slo: (id) => base + paths.slo(id), runbook: (slug) => base + paths.runbook(slug) };
}
