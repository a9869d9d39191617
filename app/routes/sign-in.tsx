import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { Form, useLoaderData, useNavigation } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { z } from 'zod';
import { useAnswer } from '../components/answer.ts';
import { Field } from '../components/ui/field.tsx';
import { Problem } from '../components/ui/problem.tsx';
import { type AppError, errorCode, errorStatus } from '../errors.ts';
import { ownPath, paths } from '../paths.ts';

const fields = z.object({
  email: z.email('Type the email of your account.').max(254, 'An email has at most 254 characters.'),
  password: z.string().min(1, 'Type your password.').max(256, 'A password has at most 256 characters.'),
});

export const meta: MetaFunction = () => [{ title: 'Sign in · Firebreak' }];

/** Where to go afterwards, and why a person who is signed in is asked once more. */
export function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, deployment } = context;
  const query = new URL(request.url).searchParams;
  const next = ownPath(query.get('next'));
  const again = actor !== null && query.has('again');
  if (actor && !again) return redirect(next);
  const { organisation, simulated } = deployment;
  return data({ next, again, email: actor?.email ?? '', organisation, simulated });
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData().catch(() => new FormData());
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const email = text('email').trim();
  const parsed = fields.safeParse({ email, password: text('password') });
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    return data({ email, field: String(path[0]), message }, 400);
  }
  try {
    const { password } = parsed.data;
    const cookies = await context.auth.signIn({ email, password, address: context.address, headers: request.headers });
    await context.stores.audit.append({
      at: context.clock.now(),
      actor: email.toLowerCase(),
      action: 'session.start',
      target: `person/${email.toLowerCase()}`,
      address: context.address,
    });
    const headers = new Headers();
    for (const cookie of cookies) headers.append('Set-Cookie', cookie);
    return redirect(ownPath(text('next')), { headers, status: 303 });
  } catch (error) {
    if (!errorCode(error)) throw error;
    const { message, field, headers } = error as AppError;
    context.log.warn({ requestId: context.requestId, address: context.address }, `sign-in refused: ${message}`);
    return data({ email, field, message }, { status: errorStatus(error), headers });
  }
}

export default function SignIn() {
  const { next, again, email, organisation, simulated } = useLoaderData<typeof loader>();
  const failed = useAnswer<typeof action>();
  const busy = useNavigation().state !== 'idle';
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (failed) form.current?.querySelector<HTMLInputElement>('[aria-invalid]')?.focus();
  }, [failed]);
  const error = (field: string) => (failed?.field === field ? failed.message : null);
  const known = failed?.email ?? email;
  return (
    <main className={again ? 'sign-in again' : 'sign-in'}>
      <Form method="post" className="panel sign-in-card" ref={form} noValidate>
        <header>
          <p className="brand">Firebreak{organisation && <span className="dim">{organisation}</span>}</p>
          <h1>{again ? 'Your password once more' : 'Sign in'}</h1>
          {again && (
            <p className="dim">
              Acting asks for a sign-in not older than 10 minutes. Nothing was done yet: you come back to the same
              place, where a plan still stands, and what you typed stands in its form again.
            </p>
          )}
        </header>
        {failed && failed.field === null && <Problem>{failed.message}</Problem>}
        <input type="hidden" name="next" value={next} />
        <Field
          label="Email"
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={known}
          autoFocus={!known || failed?.field === 'email'}
          error={error('email')}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          autoFocus={known !== '' && failed?.field !== 'email'}
          error={error('password')}
        />
        <button type="submit" className="btn go" aria-busy={busy || undefined}>
          {busy ? 'Signing in …' : again ? 'Go on' : 'Sign in'}
        </button>
        {again && (
          <p className="why">
            <a className="link" href={next}>
              Back without acting
            </a>
          </p>
        )}
        {!again && (
          <p className="why">
            {next !== paths.overview() && 'You come back to the page you opened. '}
            {simulated && 'A simulated world: its sign-ins stand where the demo was started.'}
          </p>
        )}
      </Form>
    </main>
  );
}
