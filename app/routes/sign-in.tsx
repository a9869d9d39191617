import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { z } from 'zod';
import { type AppError, errorCode, errorStatus } from '../errors.ts';
import { paths } from '../paths.ts';

const fields = z.object({
  email: z.email('Type the email of your account.'),
  password: z.string().min(1, 'Type your password.').max(256, 'A password has at most 256 characters.'),
  next: z.string().default('/'),
});

export const meta: MetaFunction = () => [{ title: 'Sign in · Firebreak' }];

export function loader({ request, context }: LoaderFunctionArgs) {
  const next = safeNext(new URL(request.url).searchParams.get('next'));
  // A fresh sign-in is asked for before acting: somebody signed in long ago may come back here.
  if (context.actor && !new URL(request.url).searchParams.has('again')) return redirect(next);
  return data({ next, email: context.actor?.email ?? '', organisation: context.deployment.organisation });
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = Object.fromEntries(await request.formData());
  const parsed = fields.safeParse(form);
  const email = String(form.email ?? '');
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return data({ email, field: String(issue?.path[0] ?? 'email'), message: issue?.message ?? 'Not valid.' }, 400);
  }
  try {
    const { password, next } = parsed.data;
    const cookies = await context.auth.signIn({ email, password, address: context.address, headers: request.headers });
    const headers = new Headers();
    for (const cookie of cookies) headers.append('Set-Cookie', cookie);
    return redirect(safeNext(next), { headers, status: 303 });
  } catch (error) {
    if (!errorCode(error)) throw error;
    const { message, field } = error as AppError;
    return data({ email, field: field ?? 'password', message }, errorStatus(error));
  }
}

/** Only a path of this console: an open redirect would send people elsewhere after they typed a password. */
function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : paths.overview();
}

export default function SignIn() {
  const { next, email, organisation } = useLoaderData<typeof loader>();
  const failed = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  const error = (field: string) => (failed?.field === field ? failed.message : null);
  return (
    <main className="sign-in">
      <Form method="post" className="panel sign-in-card">
        <h1>
          <span className="brand-mark" aria-hidden="true" /> Firebreak
        </h1>
        <p className="dim">{organisation}</p>
        <input type="hidden" name="next" value={next} />
        <Field
          label="Email"
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={failed?.email ?? email}
          error={error('email')}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          defaultValue=""
          error={error('password')}
        />
        <button type="submit" className="btn go" disabled={busy}>
          {busy ? 'Signing in …' : 'Sign in'}
        </button>
        {next === '/' ? null : <p className="faint">You come back to the page you opened.</p>}
      </Form>
    </main>
  );
}

function Field(props: {
  label: string;
  name: string;
  type: string;
  autoComplete: string;
  defaultValue: string;
  error: string | null;
}) {
  const errorId = `${props.name}-error`;
  return (
    <div className="field">
      <label htmlFor={props.name}>{props.label}</label>
      <input
        id={props.name}
        name={props.name}
        type={props.type}
        autoComplete={props.autoComplete}
        defaultValue={props.defaultValue}
        required
        aria-invalid={props.error ? true : undefined}
        aria-describedby={props.error ? errorId : undefined}
      />
      {props.error ? (
        <p className="field-error" id={errorId} role="alert">
          {props.error}
        </p>
      ) : null}
    </div>
  );
}
