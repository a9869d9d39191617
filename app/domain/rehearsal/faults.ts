import { z } from 'zod';
import { parseDuration } from '../runbook/durations.ts';

const name = z.string().min(1).max(200);
const percent = z.number().min(0).max(100);
const service = name.optional();

/** Share of the requests that fail, and of the others that are slow, percent. */
const harm = { errors: percent.default(50), slow: percent.default(0) };

/** Outside systems that can fail. */
export const faultySystems = [
  'monitoring',
  'logging',
  'cloud-run',
  'pagerduty',
  'unleash',
  'prometheus',
  'github',
  'chat',
] as const;

/** Everything that can be wrong with a simulated world, by name. Where a service is left out, the runbook's is meant. */
export const faultSchemas = {
  /** Somebody turns a flag away from its safe state for `to` percent, and requests that get it so fail or are slow. */
  'bad-flag': z.strictObject({ fault: z.literal('bad-flag'), flag: name, to: percent.default(60), ...harm }),
  /** Somebody turns a flag away from its safe state, and nothing is wrong with it. */
  'flag-turned': z.strictObject({ fault: z.literal('flag-turned'), flag: name, to: percent.default(60) }),
  /** A new revision takes the traffic, and its requests fail or are slow. */
  'bad-revision': z.strictObject({
    fault: z.literal('bad-revision'),
    service,
    ...harm,
    /** What its deploy said of going back. */
    rollback: z.enum(['safe', 'unsafe', 'unknown']).default('safe'),
  }),
  /** A new revision takes the traffic, and nothing is wrong with it. */
  deployed: z.strictObject({ fault: z.literal('deployed'), service }),
  /** What services call fails for all that call it, whatever their flags and revisions; a fallback flag that is on spares them. */
  'dependency-failing': z.strictObject({ fault: z.literal('dependency-failing'), dependency: name, ...harm }),
  /** A service's requests fail or are slow, and nothing that anybody can turn back helps. */
  failing: z.strictObject({ fault: z.literal('failing'), service, ...harm }),
  /** Nobody takes jobs from a queue: the oldest of them is a minute older each minute. */
  'queue-stuck': z.strictObject({ fault: z.literal('queue-stuck'), queue: name }),
  /** Only `to` percent of the usual requests arrive. */
  'traffic-vanished': z.strictObject({ fault: z.literal('traffic-vanished'), service, to: percent.default(2) }),
  /** New points are no longer readable: Cloud Monitoring answers, and has nothing. */
  'no-metrics': z.strictObject({ fault: z.literal('no-metrics') }),
  /** An outside system fails: it answers with an error (500, 429), not at all, with garbage, or drops connections. */
  'system-down': z.strictObject({
    fault: z.literal('system-down'),
    system: z.enum(faultySystems),
    as: z.enum(['500', '429', 'stall', 'garbage', 'reset']).default('500'),
  }),
  /** Changes of a service's traffic are taken and never end. */
  'deploy-stuck': z.strictObject({ fault: z.literal('deploy-stuck'), service }),
  /** Workflows that are started end in failure. */
  'workflow-fails': z.strictObject({ fault: z.literal('workflow-fails') }),
} as const;

export type FaultName = keyof typeof faultSchemas;

/** All faults by name. */
export const faultNames = Object.keys(faultSchemas) as [FaultName, ...FaultName[]];

/** A fault with its defaults filled in. */
export type Fault = z.output<(typeof faultSchemas)[FaultName]>;

/** True for a fault that harms requests, so that an SLO burns. */
export function harms(fault: Fault): boolean {
  return 'errors' in fault ? fault.errors + fault.slow > 0 : fault.fault === 'queue-stuck';
}

/** A stretch of data time as text, read as ms. At most a day: a rehearsal plays it. */
export const stretch = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== null && ms <= 86_400_000) return ms;
  const params = { hint: 'Write a number and a unit, at most a day: 30s, 10m, 2h.' };
  context.addIssue({ code: 'custom', message: `"${text.slice(0, 40)}" is not such a stretch of time.`, params });
  return z.NEVER;
});
