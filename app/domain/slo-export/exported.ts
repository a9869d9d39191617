import type { Service } from '../service/service.ts';
import type { DeclaredSlo } from '../slo/declared.ts';
import type { BurnProfile } from '../slo/slo.ts';

/** What an SLO is exported with. */
export interface ExportInput {
  slo: DeclaredSlo;
  profile: BurnProfile;
  /** Its service, where one of the files declares it. */
  service: Service | null;
}

/** Addresses of the console's pages, for the links of an alert; null when nobody said where the console is. */
export type Pages = {
  /** The page of an SLO: why it burns, and its incidents. */
  slo(id: string): string;
  runbook(slug: string): string;
} | null;

/**
 * Something that the other system cannot hold. `error`: the SLO or alert is left out; `warning`: it goes without that part.
 * `about` names the field of the OpenSLO document.
 */
export interface Loss {
  severity: 'error' | 'warning';
  about: 'objective' | 'window' | 'budgeting' | 'indicator' | 'min-bad-events' | 'paging' | 'burn-profile' | 'name';
  message: string;
  hint: string | null;
}
