import { z } from 'zod';

// Shapes as the REST API gives them: https://cloud.google.com/monitoring/api/ref_v3/rest/v3/services.serviceLevelObjectives

const double = z.union([z.number(), z.literal(['Infinity', '-Infinity'])]);
const range = z.strictObject({ min: double.optional(), max: double.optional() });
const seconds = z.string().regex(/^\d+(\.0+)?s$/, 'A length of time is written in whole seconds, such as 2592000s.');
const userLabels = z.record(z.string(), z.string()).optional();

const requestBased = z.strictObject({
  goodTotalRatio: z
    .strictObject({
      goodServiceFilter: z.string().optional(),
      badServiceFilter: z.string().optional(),
      totalServiceFilter: z.string().optional(),
    })
    .optional(),
  distributionCut: z.strictObject({ distributionFilter: z.string(), range: range.optional() }).optional(),
});
export type RequestBased = z.output<typeof requestBased>;

const indicator = z.strictObject({
  basicSli: z.unknown().optional(),
  requestBased: requestBased.optional(),
  windowsBased: z
    .strictObject({
      windowPeriod: seconds.optional(),
      goodBadMetricFilter: z.unknown().optional(),
      goodTotalRatioThreshold: z
        .strictObject({
          performance: requestBased.optional(),
          basicSliPerformance: z.unknown().optional(),
          threshold: z.number().optional(),
        })
        .optional(),
      metricMeanInRange: z.unknown().optional(),
      metricSumInRange: z.unknown().optional(),
    })
    .optional(),
});
export type IndicatorJson = z.output<typeof indicator>;

/** A ServiceLevelObjective resource. */
export const objectiveSchema = z.strictObject({
  name: z.string(),
  displayName: z.string().optional(),
  goal: z.number(),
  rollingPeriod: seconds.optional(),
  calendarPeriod: z.string().optional(),
  serviceLevelIndicator: indicator,
  userLabels,
});
export type ObjectiveJson = z.output<typeof objectiveSchema>;

/** A Service resource, of which the name, the owner and what runs it are read. */
export const serviceSchema = z.looseObject({
  name: z.string(),
  displayName: z.string().optional(),
  cloudRun: z.strictObject({ serviceName: z.string(), location: z.string() }).optional(),
  userLabels,
});

/** Seconds of a length of time such as `86400s`. */
export const secondsOf = (text: string): number => Number(text.slice(0, -1));
