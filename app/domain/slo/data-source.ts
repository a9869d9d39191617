import type { Slo } from './slo.ts';

/** Where numbers come from, of an OpenSLO `DataSource`: its project, and who is paged with which runbook when it is blind. */
export interface DataSource {
  id: string;
  title: string;
  project: string;
  owner: string | null;
  /** Slug of a runbook. */
  runbook: string | null;
}

/** The project that an SLO's numbers come from. */
export function projectOf({ indicator }: Pick<Slo, 'indicator'>): string {
  return indicator.kind === 'latency' ? indicator.source.project : indicator.total.project;
}

/** The DataSource of what `projectOf` names; null where none declares it. */
export function sourceNamed(sources: readonly DataSource[], name: string): DataSource | null {
  return sources.find(({ project }) => project === name) ?? null;
}
