import type { ActionFunctionArgs } from '@remix-run/node';
import { AppError } from '../errors.ts';

/** "I am looking at this page", sent by an open page every 20 s; answers who else is. */
export async function action({ request, context }: ActionFunctionArgs) {
  const actor = context.require('read');
  const path = String((await request.formData()).get('path') ?? '');
  if (!/^\/[\w/.:-]{0,200}$/.test(path))
    throw new AppError('bad_input', 'Not a path of this console.', { field: 'path' });
  await context.stores.presence.seen(path, actor);
  return { others: await context.stores.presence.others(path, actor) };
}
