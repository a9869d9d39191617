import { Form } from '@remix-run/react';
import { ReasonField } from '../ui/reason-field.tsx';
import { ShareField } from './share-field.tsx';

/** For whoever may not turn the flag: asks its owners to. `kept` is what was refused. */
export function AskForm({
  environment,
  owners,
  kept,
}: {
  environment: string;
  owners: string[];
  kept: Record<string, string> | null;
}) {
  return (
    <details className="fold" open={kept !== null}>
      <summary>Ask for a change…</summary>
      <Form method="post" preventScrollReset className="silence-form mt-2">
        <input type="hidden" name="intent" value="ask" />
        <input type="hidden" name="environment" value={environment} />
        <ShareField label="Share, percent" value={kept?.percent} />
        <ReasonField label="Why" kept={kept?.reason} className="field wide" />
        <button type="submit" className="btn">
          Ask {owners.length > 0 ? owners.join(', ') : 'a responder'}
        </button>
      </Form>
      <p className="why mt-2">Nothing changes: they open it as a run, or say why not. After 7 days it is over.</p>
    </details>
  );
}
