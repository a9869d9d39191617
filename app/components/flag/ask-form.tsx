import { Form } from '@remix-run/react';

/** For whoever may not turn the flag: asks its owners to. */
export function AskForm({ environment, owners }: { environment: string; owners: string[] }) {
  return (
    <details className="fold">
      <summary>Ask for a change…</summary>
      <Form method="post" preventScrollReset className="silence-form mt-2">
        <input type="hidden" name="intent" value="ask" />
        <input type="hidden" name="environment" value={environment} />
        <label className="field">
          <span>Share, percent</span>
          <input className="input" type="number" name="percent" min={0} max={100} step={1} required />
        </label>
        <label className="field wide">
          <span>Why</span>
          <input className="input" name="reason" required minLength={3} maxLength={500} />
        </label>
        <button type="submit" className="btn">
          Ask {owners.length > 0 ? owners.join(', ') : 'a responder'}
        </button>
      </Form>
      <p className="why mt-2">Nothing changes: they open it as a run, or say why not. After 7 days it is over.</p>
    </details>
  );
}
