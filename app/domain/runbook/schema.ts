import { z } from 'zod';
import { approvalSchema } from '../approval/rule.ts';
import { actionNames } from './actions.ts';
import { parseDuration } from './durations.ts';

const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'An id is lower-case letters, digits and hyphens, and starts with a letter.');
const name = z.string().min(1).max(200);
const burn = z.number().positive();
const window = z.enum(['5m', '30m', '1h', '2h', '6h', '1d', '3d']);
const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  const params = { hint: 'Write a number and a unit: 30s, 15m, 2h, 7d.' };
  context.addIssue({ code: 'custom', message: `"${text.slice(0, 40)}" is not a duration.`, params });
  return z.NEVER;
});

const input = z.strictObject({
  type: z.enum(['flag', 'revision', 'string', 'number', 'boolean', 'slo']),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  label: z.string().max(200).optional(),
});

/** The `runbook:` part of the front matter. */
export const runbookSchema = z.strictObject({
  version: z.literal(1),
  service: name.optional(),
  slos: z.array(name).optional(),
  inputs: z.record(z.string().regex(/^[a-z][a-z0-9_-]*$/), input).optional(),
  approvals: approvalSchema.optional(),
});

/** One `runbook-step` fence; durations become ms. `with` is checked by its action's own schema. */
export const stepSchema = z.strictObject({
  id,
  title: z.string().min(1).max(200).optional(),
  uses: z.enum(actionNames),
  with: z.record(z.string(), z.unknown()).optional(),
  when: z.string().min(1).max(1_000).optional(),
  require: z.strictObject({ slo: name, burn_over: burn, window }).optional(),
  verify: z.strictObject({ slo: name, burn_under: burn, window, within: duration }).optional(),
  expires: duration.optional(),
  approvals: approvalSchema.optional(),
});

const durationText = z
  .string()
  .refine((text) => parseDuration(text) !== null, 'This is not a duration such as 30m or 6h.');
const panel = <K extends string, S extends z.ZodRawShape>(show: K, shape: S) =>
  z.strictObject({ show: z.literal(show), title: z.string().optional(), ...shape });

/** One `runbook-panel` fence, by what it shows. */
export const panelSchemas = {
  burn: panel('burn', { slo: name }),
  chart: panel('chart', { slo: name, range: durationText.optional() }),
  changes: panel('changes', { service: name.optional(), range: durationText.optional() }),
  failures: panel('failures', { service: name.optional(), slo: name.optional() }),
  logs: panel('logs', { service: name.optional(), query: name.optional() }),
  flag: panel('flag', { flag: name }),
  revision: panel('revision', { service: name.optional() }),
  oncall: panel('oncall', { service: name.optional() }),
} as const;
