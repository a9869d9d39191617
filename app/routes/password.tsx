import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, useLoaderData, useNavigation } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { useAnswer } from '../components/answer.ts';
import { Field } from '../components/ui/field.tsx';
import { Problem } from '../components/ui/problem.tsx';
import { type AppError, errorCode, errorStatus } from '../errors.ts';

export const meta: MetaFunction = () => [{ title: 'Password · Firebreak' }];

/** Whose password it is. */
export function loader({ context }: LoaderFunctionArgs) {
  return data({ email: context.require('read').email });
}

/** One's own password: the old one is asked for, every other session ends, and the audit says so. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { email } = context.require('read');
  const form = await request.formData();
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  try {
    const cookies = await context.auth.changePassword({
      current: text('current'),
      next: text('next'),
      email,
      address: context.address,
      headers: request.headers,
    });
    await context.stores.audit.append({
      at: context.clock.now(),
      actor: email,
      action: 'person.password',
      target: `person/${email}`,
      address: context.address,
    });
    const headers = new Headers();
    for (const cookie of cookies) headers.append('Set-Cookie', cookie);
    return data({ changed: true as const, field: null, message: '' }, { headers });
  } catch (error) {
    if (!errorCode(error)) throw error;
    const { message, field, headers } = error as AppError;
    return data({ changed: false as const, field, message }, { status: errorStatus(error), headers });
  }
}

export default function Password() {
  const { email } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  const busy = useNavigation().state !== 'idle';
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (answer?.changed) form.current?.reset();
    else form.current?.querySelector<HTMLInputElement>('[aria-invalid]')?.focus();
  }, [answer]);
  const error = (field: string) => (answer && !answer.changed && answer.field === field ? answer.message : null);
  return (
    <div className="sign-in again">
      <Form method="post" className="panel sign-in-card" ref={form} noValidate>
        <header>
          <h1>Your password</h1>
          <p className="dim">{email}. Everywhere else you are signed out.</p>
        </header>
        {answer?.changed && <p role="status">Your password is changed.</p>}
        {answer && !answer.changed && answer.field === null && <Problem>{answer.message}</Problem>}
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <Field
          label="Current password"
          name="current"
          type="password"
          autoComplete="current-password"
          error={error('current')}
        />
        <Field
          label="New password, 12 characters or more"
          name="next"
          type="password"
          autoComplete="new-password"
          error={error('next')}
        />
        <button type="submit" className="btn go" aria-busy={busy || undefined}>
          {busy ? 'Changing …' : 'Change it'}
        </button>
      </Form>
    </div>
  );
}
