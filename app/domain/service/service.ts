import type { ApprovalRule } from '../approval/rule.ts';
import type { RolloutPlan } from '../rollout/plan.ts';

/** A service of the catalog: something a team runs (Cloud Run) or only depends on (a provider, a database, a queue). */
export interface Service {
  id: string;
  title: string;
  description: string;
  /** Team that owns it, as in people's `teams`. */
  owner: string;
  kind: 'cloud-run' | 'catalog' | 'provider' | 'database' | 'queue';
  /** Where it runs; null for what Firebreak only knows by name. */
  cloudRun: CloudRunTarget | null;
  /** PagerDuty service id that its incidents are opened on. */
  pagerDutyService: string | null;
  /** Ids of services it calls. */
  dependsOn: string[];
  /** Slug of the runbook that an incident without a burning SLO opens. */
  runbook: string | null;
  /** How a new revision takes over under guard; absent where its file plans nothing. */
  rollout?: RolloutPlan;
  /** Who approves a change forward of its traffic; absent when nobody has to. */
  approvals?: ApprovalRule;
}

/** Address of a Cloud Run service; its resource name is `projects/{project}/locations/{region}/services/{service}`. */
export interface CloudRunTarget {
  project: string;
  region: string;
  service: string;
}

/** Resource name of a Cloud Run service in the Admin API v2. */
export function cloudRunName(target: CloudRunTarget): string {
  return `projects/${target.project}/locations/${target.region}/services/${target.service}`;
}
