import type { LoaderFunctionArgs } from '@remix-run/node';
import { AppError, refusal } from '../errors.ts';

/** The runbook's file as a run was opened with it, as plain text: what the run executes, whatever became of the file. */
export async function loader({ params, context }: LoaderFunctionArgs) {
  context.require('read');
  const file = await context.stores.runs.file(params.id ?? '');
  if (!file) throw refusal(new AppError('not_found', 'This run was not opened from a file.'));
  return new Response(file.text, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}
