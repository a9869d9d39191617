import { z } from 'zod';
import { endpointSchema, hostSchema } from './endpoints.ts';

const name = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'A name has 1 to 63 lower-case letters, digits and dashes, and begins and ends with a letter or digit.',
  );

const annotations = z.record(z.string(), z.string()).optional();
const labels = z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional();

export const metadata = z.strictObject({ name, displayName: z.string().max(200).optional(), labels, annotations });

const header = { apiVersion: z.literal('openslo/v1') };
const description = z.string().max(4000).optional();

/** OpenSLO v1 `kind: Service`. */
export const serviceSchema = z.strictObject({
  ...header,
  kind: z.literal('Service'),
  metadata,
  spec: z.strictObject({ description }).optional(),
});

/** OpenSLO v1 `kind: DataSource`: Cloud Monitoring is connected to by its project, Prometheus by its address. */
export const dataSourceSchema = z.strictObject({
  ...header,
  kind: z.literal('DataSource'),
  metadata,
  spec: z.strictObject({
    description,
    type: z.literal(['GoogleCloudMonitoring', 'Prometheus']),
    connectionDetails: z.looseObject({ project: z.string().min(1).optional(), url: z.string().optional() }),
  }),
});

/**
 * Where a series comes from. Cloud Monitoring: `filter` counts events, `distributionFilter` with `range` counts values inside
 * `[min, max)`. Prometheus: `selector` names counters, `query` is PromQL with `{{.window}}`.
 */
const metricSource = z.strictObject({
  metricSourceRef: name.optional(),
  type: z.string().optional(),
  spec: z.strictObject({
    filter: z.string().min(1).max(4000).optional(),
    distributionFilter: z.string().min(1).max(4000).optional(),
    range: z.strictObject({ min: z.number().optional(), max: z.number().optional() }).optional(),
    bounds: z.array(z.number()).min(1).max(500).optional(),
    project: z.string().min(1).optional(),
    settle: z.string().optional(),
    selector: z.string().max(4000).optional(),
    query: z.string().max(4000).optional(),
  }),
});
export type MetricSource = z.output<typeof metricSource>;

const metric = z.strictObject({ metricSource });

const sliSpec = z.strictObject({
  description,
  ratioMetric: z
    .strictObject({
      counter: z.boolean().optional(),
      good: metric.optional(),
      bad: metric.optional(),
      total: metric.optional(),
      rawType: z.literal(['success', 'failure']).optional(),
      raw: metric.optional(),
    })
    .optional(),
  thresholdMetric: metric.optional(),
});
export type SliSpec = z.output<typeof sliSpec>;

/** OpenSLO v1 `kind: SLI`, for SLOs that name one by `indicatorRef`. */
export const sliSchema = z.strictObject({ ...header, kind: z.literal('SLI'), metadata, spec: sliSpec });

const timeWindow = z.strictObject({
  duration: z.string(),
  isRolling: z.boolean().optional(),
  calendar: z.strictObject({ startTime: z.string(), timeZone: z.string() }).optional(),
});
export type TimeWindow = z.output<typeof timeWindow>;

const objective = z.strictObject({
  displayName: z.string().optional(),
  target: z.number().optional(),
  targetPercent: z.number().optional(),
  timeSliceTarget: z.number().optional(),
  timeSliceWindow: z.union([z.string(), z.number()]).optional(),
  compositeWeight: z.number().optional(),
  indicator: z.unknown().optional(),
  indicatorRef: z.string().optional(),
  op: z.string().optional(),
  value: z.number().optional(),
});
export type Objective = z.output<typeof objective>;

/** OpenSLO v1 `kind: SLO`, shape only: what the fields may say together is checked where they become a domain value. */
export const sloSchema = z.strictObject({
  ...header,
  kind: z.literal('SLO'),
  metadata,
  spec: z.strictObject({
    description,
    service: z.string(),
    indicator: z.strictObject({ metadata: metadata.partial().optional(), spec: sliSpec }).optional(),
    indicatorRef: z.string().optional(),
    timeWindow: z.array(timeWindow),
    budgetingMethod: z.string(),
    objectives: z.array(objective),
    alertPolicies: z
      .array(z.union([z.string(), z.strictObject({ alertPolicyRef: z.string() }), z.looseObject({})]))
      .optional(),
  }),
});
export type SloDocument = z.output<typeof sloSchema>;

/** OpenSLO v1 `kind: AlertPolicy`: read as a reference, its conditions are those of the burn profile. */
export const alertPolicySchema = z.strictObject({
  ...header,
  kind: z.literal('AlertPolicy'),
  metadata,
  spec: z.looseObject({ description }),
});

/** Our `kind: Organisation`: whose catalog this is. */
export const organisationSchema = z.strictObject({
  apiVersion: z.literal('firebreak/v1'),
  kind: z.literal('Organisation'),
  metadata,
  spec: z
    .strictObject({
      description,
      timeZone: z.string().optional(),
      hosts: z.array(hostSchema).max(200).optional(),
      endpoints: z.array(endpointSchema).max(200).optional(),
    })
    .optional(),
});
