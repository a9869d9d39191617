import type { z } from 'zod';
import { runJson } from './domain/run/run-json.ts';
import { AppError } from './errors.ts';
import type { RequestContext } from './load-context.ts';
import { paths } from './paths.ts';

/** A run as JSON, with the fields of the rate limit. Throws `not_found`. */
export async function runAnswer(
  { stores, deployment }: RequestContext,
  { headers }: { headers: Record<string, string> },
  id: string,
  status = 200,
): Promise<Response> {
  const run = await stores.runs.get(id);
  if (!run) throw new AppError('not_found', 'There is no run with this id.');
  const link = (step: string | null) =>
    `${deployment.baseUrl}${step === null ? paths.run(id) : paths.runStep(id, step)}`;
  return Response.json({ run: runJson(run, link) }, { status, headers });
}

/** What a body says, when it is one; else throws `bad_input` with its first field at fault. */
export function taken<T>(parsed: z.ZodSafeParseResult<T>): T {
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('bad_input', issue?.message, { field: issue?.path.join('.') || undefined });
}
