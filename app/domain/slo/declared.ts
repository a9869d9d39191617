import type { Budgeting, Slo } from './slo.ts';

/** An SLO as its file declares it, which may be more than the console follows. */
export interface DeclaredSlo extends Slo {
  /** Name of the document: several objectives of one document share it, while `id` is each one's own. */
  document: string;
  budgeting: Budgeting;
}

/** The SLO as the console follows it. */
export function followed({ document: _, ...slo }: DeclaredSlo): Slo {
  return slo;
}
