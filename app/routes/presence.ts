import type { ActionFunctionArgs } from '@remix-run/node';

/**
 * "I am looking at this page", sent by an open page every 20 s; answers who else is. Nothing that goes wrong here is
 * thrown: an error boundary would take away the page that is looked at.
 */
export async function action({ request, context }: ActionFunctionArgs) {
  const actor = context.require('read');
  const { presence } = context.stores;
  const path = (await request.formData().catch(() => new FormData())).get('path');
  if (typeof path !== 'string' || !/^\/[\w/.:%~!'()*@-]{0,200}$/.test(path)) return answer([], 400);
  try {
    await presence.seen(path, actor);
    return answer(await presence.others(path, actor));
  } catch (error) {
    context.log.warn({ err: error, requestId: context.requestId }, 'presence could not be kept');
    return answer([], 503);
  }
}

function answer(others: { name: string; seenAt: number }[], status = 200): Response {
  return Response.json({ others }, { status });
}
