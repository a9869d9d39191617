import { Form } from '@remix-run/react';
import { ReasonField } from '../ui/reason-field.tsx';
import type { RefusedFlagForm } from './kept.ts';
import { Refusal } from './refusal.tsx';
import { ShareField } from './share-field.tsx';

/** For whoever may not turn the flag: asks its owners to. `refused` is this form as it was sent, and why not. */
export function AskForm({
  environment,
  owners,
  refused,
}: {
  environment: string;
  owners: string[];
  refused: RefusedFlagForm | null;
}) {
  return (
    <details className="fold" open={refused !== null}>
      <summary>Ask for a change…</summary>
      <Refusal refused={refused} />
      <Form method="post" preventScrollReset className="silence-form mt-2">
        <input type="hidden" name="intent" value="ask" />
        <input type="hidden" name="environment" value={environment} />
        <ShareField label="Share, percent" value={refused?.sent.percent} />
        <ReasonField label="Why" kept={refused?.sent.reason} className="field wide" />
        <button type="submit" className="btn">
          Ask {owners.length > 0 ? owners.join(', ') : 'a responder'}
        </button>
      </Form>
      <p className="why mt-2">Nothing changes: they open it as a run, or say why not. After 7 days it is over.</p>
    </details>
  );
}
