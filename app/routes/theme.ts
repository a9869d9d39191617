import { type ActionFunctionArgs, redirect } from '@remix-run/node';
import { themes } from '../components/shell/theme.ts';
import { ownPath, paths } from '../paths.ts';

const year = 365 * 24 * 3600;

/** Keeps the chosen theme in a cookie, or forgets it for the system's; comes back to the page that asked. */
export async function action({ request, context }: ActionFunctionArgs) {
  context.require('read');
  const value = String((await request.formData()).get('theme'));
  const chosen = themes.find((theme) => theme === value);
  const cookie = chosen ? `theme=${chosen}; Max-Age=${year}` : 'theme=; Max-Age=0';
  return redirect(backTo(request), { status: 303, headers: { 'Set-Cookie': `${cookie}; Path=/; SameSite=Lax` } });
}

/** The page behind the referrer, if it is one of ours. */
function backTo(request: Request): string {
  const referrer = request.headers.get('referer');
  if (!referrer || !URL.canParse(referrer)) return paths.overview();
  const { host, pathname, search } = new URL(referrer);
  return host === request.headers.get('host') ? ownPath(`${pathname}${search}`) : paths.overview();
}
