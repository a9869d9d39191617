import { z } from 'zod';

const labels = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional();

const query = z.string().max(4000, 'A query has at most 4,000 characters here.');

const alert = z.strictObject({ disable: z.boolean().optional(), labels, annotations: labels });

const sli = z.strictObject({
  events: z.strictObject({ error_query: query, total_query: query }).optional(),
  raw: z.strictObject({ error_ratio_query: query }).optional(),
  plugin: z.unknown().optional(),
});

const slo = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  objective: z.number(),
  labels,
  plugins: z.unknown().optional(),
  sli,
  alerting: z
    .strictObject({
      name: z.string().optional(),
      labels,
      annotations: labels,
      page_alert: alert.optional(),
      ticket_alert: alert.optional(),
    })
    .optional(),
});
export type SlothSlo = z.output<typeof slo>;

/** Sloth's `prometheus/v1` file. Fields: https://sloth.dev/specs/default/ */
export const slothSchema = z.strictObject({
  version: z.literal('prometheus/v1'),
  service: z.string(),
  labels,
  slo_plugins: z.unknown().optional(),
  slos: z.array(slo),
});
