import type { Slo } from './slo.ts';

/** Where numbers come from, of an OpenSLO `DataSource`, and who is paged with which runbook when it is blind. */
export interface DataSource {
  id: string;
  title: string;
  /** Google Cloud project; null for a Prometheus-compatible server. */
  project: string | null;
  /** Address of a Prometheus-compatible server. */
  url?: string;
  owner: string | null;
  /** Slug of a runbook. */
  runbook: string | null;
}

/** What an SLO's numbers come from: a Google Cloud project, or `prometheus/` and the name of a DataSource. */
export function sourceOf({ indicator }: Pick<Slo, 'indicator'>): string {
  if (indicator.kind === 'prometheus') return `prometheus/${indicator.source}`;
  return 'source' in indicator ? indicator.source.project : indicator.total.project;
}

/** The kind of system that an SLO's numbers come from, as people call it. */
export function systemOf({ indicator }: Pick<Slo, 'indicator'>): 'Cloud Monitoring' | 'Prometheus' {
  return indicator.kind === 'prometheus' ? 'Prometheus' : 'Cloud Monitoring';
}

/** The DataSource of what `sourceOf` names; null where none declares it. */
export function sourceNamed(sources: readonly DataSource[], name: string): DataSource | null {
  return sources.find(({ id, project }) => (project ?? `prometheus/${id}`) === name) ?? null;
}
