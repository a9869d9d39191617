import { z } from 'zod';
import { parseDuration } from './durations.ts';

/** What one action of the catalogue is, as files may name it: pure facts, no behaviour. */
export interface ActionFacts {
  /** One line for docs, hints and the page. */
  summary: string;
  /** Shape of `with` after its expressions are filled in. Durations stay text such as `2m`. */
  schema: z.ZodObject;
  /** True when it changes the world and so must prove itself (`verify`). */
  change: boolean;
  /** True when it leaves something behind that must be due some day (`expires`). */
  leaves: boolean;
  /** Names readable as `steps.<id>.outputs.<name>`. */
  outputs: readonly string[];
}

const name = z.string().min(1).max(200);
const duration = z.string().refine((text) => parseDuration(text) !== null, {
  message: 'This is not a duration.',
  params: { hint: 'Write a number and a unit: 30s, 2m, 1h, 7d.' },
});
const share = z.number().int().min(1).max(100);
const burn = z.number().positive();

/**
 * The closed catalogue of runbook actions. There is no shell among them. A `cloudrun.traffic` without `service` means the
 * runbook's service; its `first` is the share of the first move, held for `hold` of complete data minutes before `percent`.
 */
export const actions = {
  'slo.check': {
    summary: 'Reads an SLO and answers whether its burn rate is over or under a bound.',
    schema: z.strictObject({
      slo: name,
      window: z.enum(['5m', '30m', '1h', '2h', '6h', '1d', '3d']).optional(),
      burn_over: burn.optional(),
      burn_under: burn.optional(),
    }),
    change: false,
    leaves: false,
    outputs: ['burn', 'answer'],
  },
  'flag.kill': {
    summary: 'Brings a flag to its declared safe state in one environment.',
    schema: z.strictObject({ flag: name, environment: name }),
    change: true,
    leaves: true,
    outputs: ['flag'],
  },
  'flag.restore': {
    summary: 'Gives a killed flag back what it had before.',
    schema: z.strictObject({ flag: name, environment: name }),
    change: true,
    leaves: false,
    outputs: ['flag'],
  },
  'cloudrun.traffic': {
    summary: 'Routes the traffic of a Cloud Run service to a revision, or back to LATEST.',
    schema: z.strictObject({
      service: name.optional(),
      to: name,
      percent: share,
      first: share.optional(),
      hold: duration.optional(),
    }),
    change: true,
    leaves: true,
    outputs: ['revision'],
  },
  manual: {
    summary: 'A person does it and records the outcome.',
    schema: z.strictObject({
      ask: z.string().min(1).max(2_000),
      outcomes: z
        .array(z.string().regex(/^[a-z][a-z0-9_-]*$/))
        .min(2)
        .max(8)
        .optional(),
    }),
    change: false,
    leaves: false,
    outputs: ['outcome'],
  },
  'pagerduty.note': {
    summary: "Writes a note on the incident's PagerDuty incidents.",
    schema: z.strictObject({ text: z.string().min(1).max(25_000) }),
    change: false,
    leaves: false,
    outputs: [],
  },
  'pagerduty.acknowledge': {
    summary: "Acknowledges the incident's PagerDuty incidents in the name of the person who confirms.",
    schema: z.strictObject({}),
    change: false,
    leaves: false,
    outputs: [],
  },
} as const satisfies Record<string, ActionFacts>;

export type ActionName = keyof typeof actions;

/** All names of the catalogue, in the order of `actions`. */
export const actionNames = Object.keys(actions) as [ActionName, ...ActionName[]];

/** Facts of an action, null for a name outside the catalogue. */
export function actionFacts(uses: string): ActionFacts | null {
  return Object.hasOwn(actions, uses) ? actions[uses as ActionName] : null;
}
