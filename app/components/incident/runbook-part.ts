import type { Catalog } from '../../domain/catalog.ts';
import type { RunbookPart } from './view.ts';

/** What the incident page shows of its runbook; null when none is declared or the catalog has lost it. */
export function runbookPart(catalog: Catalog | null, slug: string | null): RunbookPart | null {
  const runbook = catalog?.runbooks.find((each) => each.slug === slug);
  if (!runbook) return null;
  const { title, digest, service, steps } = runbook;
  return { slug: runbook.slug, title, digest, service, hasSteps: steps.length > 0 };
}
