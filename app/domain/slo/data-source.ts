/** Where numbers come from, of an OpenSLO `DataSource`: its project, and who is paged with which runbook when it is blind. */
export interface DataSource {
  id: string;
  title: string;
  project: string;
  owner: string | null;
  /** Slug of a runbook. */
  runbook: string | null;
}
