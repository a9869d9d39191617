import { z } from 'zod';
import type { Problem } from '../../runbook/runbook.ts';
import { readJson } from '../../yaml/json.ts';
import { reporter, validate } from '../../yaml/validate.ts';

/** A plain value of a context. SDKs compare its text; null is as if it were not there. */
export type ContextValue = string | number | boolean | null | undefined;

/** Who asks, as an application tells its Unleash SDK: the known fields, others of its own, and `properties`. */
export interface EvaluationContext {
  userId?: string | null;
  sessionId?: string | null;
  remoteAddress?: string | null;
  environment?: string | null;
  appName?: string | null;
  /** An ISO 8601 time or ms since the epoch; "now" when it is missing. */
  currentTime?: string | number | null;
  properties?: Record<string, ContextValue> | null;
  [field: string]: ContextValue | Record<string, ContextValue>;
}

const plain = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: 'A value of a context is text, a number, true, false or null.',
});
const field = z.string().nullish();

const schema = z
  .object({
    userId: field,
    sessionId: field,
    remoteAddress: field,
    environment: field,
    appName: field,
    currentTime: z
      .union([z.string(), z.number()], { error: '"currentTime" is a time.' })
      .nullish()
      .refine((time) => !time || !Number.isNaN(new Date(time).getTime()), {
        error: '"currentTime" is not a time.',
        params: { hint: 'Write it as 2026-03-31T09:00:00Z.' },
      }),
    properties: z.record(z.string(), plain).nullish(),
  })
  .catchall(plain);

/** Reads an Unleash context from JSON; null, with problems and their places, when it is none. */
export function readContext(text: string, file: string): { context: EvaluationContext | null; problems: Problem[] } {
  const { document, problems } = readJson(text, file);
  if (!document) return { context: null, problems };
  const report = reporter(document);
  return { context: validate(schema, document, report), problems: report.problems };
}

/** The text that a constraint or a stickiness on `field` sees; undefined when the context has none. */
export function contextText(context: EvaluationContext, field: string): string | undefined {
  const value = context[field] ?? context.properties?.[field];
  return value === undefined || value === null ? undefined : String(value);
}
