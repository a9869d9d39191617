import { z } from 'zod';
import { stepStates } from '../run/run.ts';
import { stretch } from './faults.ts';
import { type Act, usualActor } from './rehearsal.ts';

const name = z.string().min(1).max(200);
const who = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'A person is a name in lower-case letters, such as ada.');
const said = z.string().min(1).max(1_000);
/** A value of `inputs` or `outputs`: a run keeps both as text. */
const asText = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** The whole file but faults and acts, which have schemas by their names. */
export const rehearsalSchema = z.strictObject({
  apiVersion: z.literal('firebreak/v1'),
  kind: z.literal('Rehearsal'),
  runbook: name,
  people: z
    .record(
      who,
      z.strictObject({
        role: z.enum(['viewer', 'product', 'responder', 'admin']),
        teams: z.array(name).default([]),
      }),
    )
    .optional(),
  cases: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(120),
        given: z.array(z.unknown()).max(20).optional(),
        inputs: z.record(z.string(), asText).optional(),
        open: z
          .strictObject({ by: who.optional(), after: stretch.optional(), incident: z.boolean().optional() })
          .optional(),
        act: z.array(z.unknown()).max(200).optional(),
        expect: z.strictObject({
          run: z.enum(['prepared', 'open', 'done', 'cancelled']).optional(),
          steps: z.record(z.string(), z.unknown()).optional(),
          flags: z
            .record(
              z.string(),
              z.union([z.enum(['on', 'off']), z.number().min(0).max(100)], 'A flag is on, off or a percentage.'),
            )
            .optional(),
          traffic: z.record(z.string(), z.enum(['latest', 'pinned'])).optional(),
          follow_ups: z.array(name).optional(),
          incident: z.enum(['open', 'resolved']).optional(),
        }),
      }),
    )
    .min(1, 'A rehearsal needs at least one case.')
    .max(50, 'A rehearsal has at most 50 cases.'),
});

const by = { by: who.default(usualActor), refused: said.optional() };
/** Nobody is the usual one to say yes or no to what another asks for. */
const other = { ...by, by: who };
const onStep = { ...by, reason: said.optional() };

/** One kind of act: its shape in the file, and the act that a value of that shape is. */
function act<S extends z.ZodObject>(schema: S, make: (given: z.output<S>) => Act) {
  return {
    schema: schema as z.ZodType<Record<string, unknown>>,
    read: (value: unknown): Act => make(schema.parse(value)),
  };
}

/** What an act may hold, by its verb: the one key that says what is done. A fault is read by its name. */
export const acts = {
  confirm: act(
    z.strictObject({ confirm: name, outcome: asText.optional(), ...onStep }),
    ({ confirm: step, by, reason = null, outcome = null, refused = null }) => ({
      do: 'confirm',
      ...{ step, by, reason, outcome, refused },
    }),
  ),
  skip: act(z.strictObject({ skip: name, ...onStep }), ({ skip: step, by, reason = null, refused = null }) => ({
    do: 'skip',
    ...{ step, by, reason, refused },
  })),
  undo: act(z.strictObject({ undo: name, ...onStep }), ({ undo: step, by, reason = null, refused = null }) => ({
    do: 'undo',
    ...{ step, by, reason, refused },
  })),
  'take-over': act(
    z.strictObject({ 'take-over': name, ...onStep }),
    ({ 'take-over': step, by, reason = null, refused = null }) => ({
      do: 'take-over',
      ...{ step, by, reason, refused },
    }),
  ),
  decide: act(
    z.strictObject({ decide: name, as: z.enum(['done', 'retry', 'abort']), ...by }),
    ({ decide: step, as, by, refused = null }) => ({ do: 'decide', step, as, by, refused }),
  ),
  approve: act(z.strictObject({ approve: name, ...other }), ({ approve: step, by, refused = null }) => ({
    do: 'approve',
    ...{ step, by, refused },
  })),
  reject: act(
    z.strictObject({ reject: name, reason: said, ...other }),
    ({ reject: step, by, reason, refused = null }) => ({
      do: 'reject',
      ...{ step, by, reason, refused },
    }),
  ),
  'break-glass': act(
    z.strictObject({ 'break-glass': name, ...by, reason: said }),
    ({ 'break-glass': step, by, reason, refused = null }) => ({
      do: 'break-glass',
      ...{ step, by, reason, refused },
    }),
  ),
  cancel: act(z.strictObject({ cancel: said, ...by }), ({ cancel: reason, by, refused = null }) => ({
    do: 'cancel',
    ...{ reason, by, refused },
  })),
  wait: act(z.strictObject({ wait: stretch }), ({ wait }) => ({ do: 'wait', for: wait })),
  heal: act(z.strictObject({ heal: z.union([name, z.array(name)]) }), ({ heal }) => ({
    do: 'heal',
    faults: [heal].flat(),
  })),
} as const;

export type Verb = keyof typeof acts | 'fault';

/** All verbs of acts. */
export const verbs: readonly Verb[] = [...(Object.keys(acts) as (keyof typeof acts)[]), 'fault'];

/** What is expected of one step, where more than its state is. */
export const stepExpectationSchema = z.strictObject({
  state: z.enum(stepStates),
  result: z.enum(['improved', 'not_improved', 'worse', 'no_data', 'none']).optional(),
  kind: z.enum(['read', 'people', 'stop', 'forward']).optional(),
  reason: said.optional(),
  outputs: z.record(z.string(), asText).optional(),
});
