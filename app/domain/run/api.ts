import { z } from 'zod';
import { runWish } from './wishes.ts';

const id = z.string().trim().min(1).max(200);

/** Body of `POST /api/v1/runs`: a runbook or a built-in template, and its inputs. */
export const openRunBody = z
  .strictObject({
    runbook: id.optional(),
    template: id.regex(/^template:/, 'The name of a built-in template begins with template:.').optional(),
    inputs: z.record(z.string().max(100), z.union([z.string().max(2_000), z.number(), z.boolean()])).default({}),
    incident: id.optional(),
    service: id.optional(),
  })
  .refine(({ runbook, template }) => (runbook === undefined) !== (template === undefined), {
    message: 'Name either a runbook or a template.',
    path: ['runbook'],
  });

const sentence = z.string().trim().min(3, 'Say it in one sentence.').max(500);

/**
 * Body of `POST /api/v1/runs/:id/steps/:step`: what a form on the step may wish for, with true for its ticks. Nobody approves by
 * key: a person does.
 */
export const stepBody = z.discriminatedUnion('intent', [
  z.strictObject({
    intent: z.literal('confirm'),
    hash: z.string().min(1).max(128),
    reason: z.string().trim().max(500).optional(),
    acknowledged: z.boolean().optional(),
    outcome: z.string().trim().max(2_000).optional(),
  }),
  z.strictObject({ intent: z.literal('replan') }),
  z.strictObject({ intent: z.literal('skip'), reason: sentence }),
  z.strictObject({
    intent: z.literal('undo'),
    hash: z.string().min(1).max(128),
    reason: z.string().trim().max(500).optional(),
  }),
  z.strictObject({ intent: z.literal('resolve'), decision: z.enum(['done', 'retry', 'abort']) }),
  z.strictObject({ intent: z.literal('take-over'), reason: sentence }),
]);

/** Body of `POST /api/v1/runs/:id`. */
export const runBody = z.discriminatedUnion('intent', [
  z.strictObject({ intent: z.literal('cancel'), reason: sentence }),
  z.strictObject({ intent: z.literal('note'), text: z.string().trim().min(3, 'Say it in one sentence.').max(4_000) }),
]);

/** The same wish as a form would send it. */
export function wishOf(body: z.output<typeof stepBody> | z.output<typeof runBody>, step: string | null) {
  const ticked = 'acknowledged' in body && body.acknowledged ? { acknowledged: 'yes' as const } : {};
  const { acknowledged: _acknowledged, ...rest } = { acknowledged: undefined, ...body };
  return runWish.parse({ ...rest, ...ticked, ...(step === null ? {} : { step }) });
}
