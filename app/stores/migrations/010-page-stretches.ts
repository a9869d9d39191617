import { type Kysely, sql } from 'kysely';

/**
 * When each alert stood at a page tier, and since when each SLO is evaluated: what a comparison of pages with real incidents
 * is made of. What was before is filled in as far as it is known: from the alert's times and its lines in the timeline.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table alert add column page_from bigint, add column page_to bigint`,
  `update alert set page_from = coalesce((
      select min(at) from timeline
      where incident_id = alert.incident_id and key = 'would-page/' || alert.id), opened_at)
    where peak_tier like 'page-%'`,
  `update alert set page_to = case when tier like 'page-%' then cleared_at else coalesce((
      select max(at) from timeline
      where incident_id = alert.incident_id and key like 'alert/' || alert.id || '/ticket-%'), cleared_at, opened_at) end
    where page_from is not null`,
  `create index alert_by_page on alert (page_from) where page_from is not null`,
  `create index pagerduty_by_time on pagerduty_incident (((body->>'createdAt')::float8))`,
  `alter table slo_state add column since bigint`,
  `update slo_state set since =
    least(at, (select min(opened_at) from alert where alert.slo = slo_state.slo))`,
];
