import { type ActionFunctionArgs, redirect } from '@remix-run/node';
import { paths } from '../paths.ts';

/** Ends the session, if there is one. Only by POST: nothing changes on GET. */
export async function action({ request, context }: ActionFunctionArgs) {
  const cookies = await context.auth.signOut(request.headers);
  context.unsent.forget();
  const headers = new Headers();
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return redirect(paths.signIn(), { headers, status: 303 });
}

/** A bookmark of this address signs nobody out. */
export function loader() {
  return redirect(paths.overview());
}
