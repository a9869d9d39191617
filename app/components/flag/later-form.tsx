import { Form } from '@remix-run/react';
import { useZone } from '../ui/clock.tsx';
import type { RefusedFlagForm } from './kept.ts';
import { Refusal } from './refusal.tsx';
import { ShareField } from './share-field.tsx';

/** Sets a share at a later time, in the viewer's own time zone (the organisation's without JavaScript). `refused` is this form as it was sent, and why not. */
export function LaterForm({
  environment,
  timeZone,
  refused,
}: {
  environment: string;
  timeZone: string;
  refused: RefusedFlagForm | null;
}) {
  const zone = useZone(timeZone);
  return (
    <details className="fold" open={refused !== null}>
      <summary>Set a share at a later time…</summary>
      <Refusal refused={refused} />
      <Form method="post" preventScrollReset className="silence-form mt-2">
        <input type="hidden" name="intent" value="schedule" />
        <input type="hidden" name="environment" value={environment} />
        <input type="hidden" name="zone" value={zone} />
        <ShareField label="Share, percent" value={refused?.sent.percent} />
        <label className="field">
          <span>When, {zone}</span>
          <input type="datetime-local" className="input" name="at" required defaultValue={refused?.sent.at} />
        </label>
        <button type="submit" className="btn">
          Plan it
        </button>
      </Form>
      <p className="why mt-2">
        Done then in your name if the flag stands as it does now and nothing speaks against it; else you are told why
        not.
      </p>
    </details>
  );
}
