import { invalid, requireMetricFilter, type Timestamp } from './validate.ts';

/** A condition as decoded: enums by name, int64 as numbers. */
export interface WireCondition {
  name: string;
  displayName: string;
  conditionThreshold?: {
    filter: string;
    aggregations: { alignmentPeriod: Timestamp | null; perSeriesAligner: string }[];
    denominatorFilter: string;
    comparison: string;
    thresholdValue: number;
    duration: Timestamp | null;
  };
}

/** An AlertPolicy as decoded, the parts that have rules. */
export interface WirePolicy {
  name: string;
  displayName: string;
  documentation: { content: string; mimeType: string; links: { displayName: string; url: string }[] } | null;
  userLabels: Record<string, string>;
  conditions: WireCondition[];
  combiner: string;
  notificationChannels: string[];
}

const longestLookBack = 90_000;

/** Throws INVALID_ARGUMENT for what the API refuses. Rules are those that the comments of google/monitoring/v3/alert.proto state. */
export function checkPolicy(policy: WirePolicy): void {
  const field = (name: string) => `alert_policy.${name}`;
  if (policy.displayName === '' || policy.displayName.length > 512)
    throw invalid(field('display_name'), policy.displayName, 'must have 1 to 512 characters.');
  if (policy.conditions.length < 1 || policy.conditions.length > 6)
    throw invalid(field('conditions'), String(policy.conditions.length), 'must have 1 to 6 conditions.');
  if (policy.conditions.length > 1 && policy.combiner === 'COMBINE_UNSPECIFIED')
    throw invalid(field('combiner'), policy.combiner, 'must be set when there is more than one condition.');
  for (const [index, condition] of policy.conditions.entries())
    checkCondition(condition, field(`conditions[${index}]`));
  const labels = Object.entries(policy.userLabels);
  if (labels.length > 64) throw invalid(field('user_labels'), String(labels.length), 'must have at most 64 entries.');
  for (const [key, value] of labels)
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(key) || !/^[a-z0-9_-]{0,63}$/.test(value))
      throw invalid(field('user_labels'), `${key}=${value}`, 'must hold lowercase letters, numerals, _ and - only.');
  for (const channel of policy.notificationChannels)
    if (!/^projects\/[^/]+\/notificationChannels\/[^/]+$/.test(channel))
      throw invalid(field('notification_channels'), channel, 'must be the name of a notification channel.');
  checkDocumentation(policy.documentation, field('documentation'));
}

function checkDocumentation(documentation: WirePolicy['documentation'], path: string): void {
  if (!documentation) return;
  const { content, mimeType, links } = documentation;
  if (content.length > 8192 || Buffer.byteLength(content) > 10_240)
    throw invalid(`${path}.content`, `${content.slice(0, 20)}…`, 'must have at most 8192 characters.');
  if (content !== '' && mimeType !== '' && mimeType !== 'text/markdown')
    throw invalid(`${path}.mime_type`, mimeType, 'must be "text/markdown".');
  if (links.length > 3) throw invalid(`${path}.links`, String(links.length), 'must have at most 3 entries.');
  for (const { displayName, url } of links)
    if (displayName === '' || displayName.length > 63 || url.length > 2083)
      throw invalid(`${path}.links`, displayName, 'must have a display name of 1 to 63 characters and a URL.');
}

function checkCondition({ displayName, conditionThreshold: threshold }: WireCondition, path: string): void {
  if (displayName === '') throw invalid(`${path}.display_name`, '', 'must not be empty.');
  if (!threshold) throw invalid(path, '', 'only threshold conditions are simulated here.');
  const { filter, aggregations, comparison, duration } = threshold;
  const at = `${path}.condition_threshold`;
  if (comparison !== 'COMPARISON_GT' && comparison !== 'COMPARISON_LT')
    throw invalid(`${at}.comparison`, comparison, 'only COMPARISON_LT and COMPARISON_GT are supported.');
  if (!duration || duration.seconds % 60 !== 0 || duration.nanos !== 0)
    throw invalid(`${at}.duration`, String(duration?.seconds), 'must be a multiple of a minute.');
  for (const { alignmentPeriod } of aggregations) {
    const seconds = alignmentPeriod?.seconds ?? 0;
    if (seconds < 60 || seconds > longestLookBack)
      throw invalid(`${at}.aggregations`, `${seconds}s`, 'the alignment period must be 60 to 90000 seconds.');
  }
  checkFilter(filter, aggregations.length, at);
}

function checkFilter(filter: string, aggregations: number, at: string): void {
  if (filter.length > 2048) throw invalid(`${at}.filter`, filter.slice(0, 20), 'must have at most 2048 characters.');
  const burn =
    /^select_slo_burn_rate\("projects\/[^/"]+\/services\/[^/"]+\/serviceLevelObjectives\/[^/"]+", "(\d+)s"\)$/;
  if (filter.startsWith('select_slo_')) {
    const seconds = Number(burn.exec(filter)?.[1] ?? 0);
    if (seconds < 60 || seconds > longestLookBack)
      throw invalid(`${at}.filter`, filter, 'must be select_slo_burn_rate of an SLO over 60 to 90000 seconds.');
    if (aggregations > 0) throw invalid(`${at}.aggregations`, String(aggregations), 'must be empty for an SLO.');
    return;
  }
  requireMetricFilter(filter);
  if (!/\bresource\.type\s*=/.test(filter))
    throw invalid(`${at}.filter`, filter, 'must specify a restriction on "resource.type".');
}
