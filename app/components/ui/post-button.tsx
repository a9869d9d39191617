import { Form, useNavigation } from '@remix-run/react';
import type { ReactNode } from 'react';

/** A button that posts fields; works without JavaScript. With `why` it is disabled and says so. */
export function PostButton({
  action,
  fields,
  look = '',
  why,
  children,
}: {
  action?: string;
  fields: Record<string, string>;
  look?: string;
  why?: string | null;
  children: ReactNode;
}) {
  const navigation = useNavigation();
  const busy =
    navigation.state !== 'idle' &&
    navigation.formData !== undefined &&
    Object.entries(fields).every(([name, value]) => navigation.formData?.get(name) === value);
  if (why) {
    return (
      <span className="acts">
        <button type="button" className={`btn ${look}`} disabled title={why}>
          {children}
        </button>
        <span className="why">{why}</span>
      </span>
    );
  }
  return (
    <Form method="post" action={action} preventScrollReset className="flex">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit" className={`btn ${look}`} aria-busy={busy}>
        {children}
      </button>
    </Form>
  );
}
