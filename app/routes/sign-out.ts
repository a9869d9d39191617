import { type ActionFunctionArgs, redirect } from '@remix-run/node';
import { paths } from '../paths.ts';

/** Ends the session. Only by POST: nothing changes on GET. */
export async function action({ request, context }: ActionFunctionArgs) {
  const cookies = await context.auth.signOut(request.headers);
  const headers = new Headers();
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return redirect(paths.signIn(), { headers });
}

export function loader() {
  return redirect(paths.overview());
}
