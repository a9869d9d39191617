import { Form } from '@remix-run/react';
import { paths } from '../paths.ts';

/** A second person says what they make of a glass that was broken; that alone clears its follow-up. `kept` is what was refused. */
export function SignOffForm({
  id,
  why,
  kept,
}: {
  id: string;
  why: string | null;
  kept: Record<string, string> | null;
}) {
  if (why) {
    return (
      <>
        <button type="button" className="btn quiet" disabled title={why}>
          Sign off
        </button>
        <span className="why">{why}</span>
      </>
    );
  }
  return (
    <Form method="post" action={paths.followUps()} className="acts" preventScrollReset>
      <input type="hidden" name="intent" value="sign-off" />
      <input type="hidden" name="id" value={id} />
      <label className="field flex-1">
        <span>What do you make of it, as a second person?</span>
        <input className="input" name="sentence" required minLength={3} maxLength={500} defaultValue={kept?.sentence} />
      </label>
      <button type="submit" className="btn self-end">
        Sign off
      </button>
    </Form>
  );
}
