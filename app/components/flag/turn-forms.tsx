import { Form } from '@remix-run/react';
import { PostButton } from '../ui/post-button.tsx';
import type { RefusedFlagForm } from './kept.ts';
import { Refusal } from './refusal.tsx';
import { ShareField } from './share-field.tsx';
import type { EnvironmentView } from './view.ts';

/**
 * What may be done with a flag in one environment; each opens a run with its plan. Where the environment is not protected
 * the press itself is the confirmation.
 */
export function TurnForms({
  view,
  safe,
  killed,
  why,
  refused,
}: {
  view: EnvironmentView;
  /** The safe state in words; null where none is declared. */
  safe: string | null;
  /** A kill of ours stands here. */
  killed: boolean;
  why: string | null;
  /** What was sent of these and refused. */
  refused: RefusedFlagForm | null;
}) {
  const { name } = view;
  const more = view.protected ? '…' : '';
  const kept = refused?.sent.intent === 'expose' ? refused.sent : null;
  return (
    <div className="panel-body turn">
      <Refusal refused={refused} />
      {why === null && <ShareForm key={JSON.stringify(view.now)} view={view} more={more} kept={kept} />}
      <div className="acts">
        {why !== null && <span className="why">{why}</span>}
        {why === null && !view.share.safe && (
          <PostButton fields={{ intent: 'kill', environment: name }}>
            Bring to its safe state{safe && `: ${safe}`}
            {more}
          </PostButton>
        )}
        {why === null && killed && safe === 'off' && (
          <PostButton fields={{ intent: 'expose', environment: name, percent: '5' }}>Back at 5 %{more}</PostButton>
        )}
        {why === null && killed && (
          <PostButton fields={{ intent: 'restore', environment: name }}>Restore what it had{more}</PostButton>
        )}
      </div>
      {why === null && killed && safe === 'off' && (
        <p className="why">
          {view.back.slo === null
            ? 'Back at 5 % in one step is proved by no SLO here: look at it yourself. '
            : `Back at 5 % in one step is looked at by ${view.back.slo} afterwards; nothing takes it back by itself. `}
          <a className="link" href={view.back.byStages}>
            Back at 5 % under guard, by stages…
          </a>
        </p>
      )}
      {why === null && !view.protected && (
        <p className="why">
          Not protected: a press is enough. It is planned, written down and can be undone all the same.
        </p>
      )}
    </div>
  );
}

function ShareForm({
  view: { name, now },
  more,
  kept,
}: {
  view: EnvironmentView;
  more: string;
  kept: Record<string, string> | null;
}) {
  return (
    <Form method="post" className="share-form" preventScrollReset>
      <input type="hidden" name="intent" value="expose" />
      <input type="hidden" name="environment" value={name} />
      <ShareField label="Share of people, %" value={kept?.percent ?? now.percent} />
      <label className="field">
        <span>Variants, if any</span>
        <input
          className="input"
          name="variants"
          maxLength={1000}
          placeholder="blue 50, green 50"
          defaultValue={kept?.variants ?? now.variants}
          autoComplete="off"
          spellCheck={false}
        />
      </label>
      <button type="submit" className="btn">
        Set{more}
      </button>
    </Form>
  );
}
