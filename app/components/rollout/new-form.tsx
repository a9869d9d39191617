import { Form, useNavigation } from '@remix-run/react';
import type { FormEvent } from 'react';
import type { TypedPlan } from '../../domain/rollout/typed-plan.ts';
import { tight } from '../ui/tight.ts';
import { wrongField } from '../ui/wrong-field.tsx';
import { CountedGuards, type CountedGuardsView } from './counted-guards.tsx';

/** What may be rolled out, as the form knows it. */
export interface NewRolloutView extends CountedGuardsView {
  /** As `drawWish` reads it, and in words. */
  subject: string;
  title: string;
  /** True where a file declares a plan. */
  declared: boolean;
  /** The plan that is to be drawn: the declared one, or what stands in the form. */
  chosen: 'declared' | 'typed';
  typed: TypedPlan;
  /** As it was typed: what is no number stands in the form again. */
  minRequests: string;
  /** SLOs that may guard it. */
  slos: { id: string; title: string }[];
  /** Guards that its file declares and that this form can only keep, with what they count. */
  kept: { key: string; title: string; counts: string }[];
  /** True where the file asks for something else at one stage than at another. */
  differs: boolean;
  /** Why only the whole service can be judged; null where the cohort can be counted. */
  noCohort: string | null;
}

/** Draws a rollout up, by the declared plan or as it is typed. Nothing starts by it. */
export function NewRolloutForm({
  view,
  wrong,
  now,
}: {
  view: NewRolloutView;
  wrong: { field: string; message: string } | null;
  /** Who has it already, in words; null where nobody does. */
  now: string | null;
}) {
  const busy = useNavigation().formData?.get('intent') === 'draw';
  const { typed } = view;
  const { message, marks } = wrongField(wrong);
  return (
    <Form method="post" preventScrollReset className="panel-body plan-form" onInput={chooseTyped}>
      <input type="hidden" name="intent" value="draw" />
      <input type="hidden" name="subject" value={view.subject} />
      {view.declared ? (
        <fieldset className="wide">
          <legend>Which plan</legend>
          <label className="tick-line">
            <input type="radio" name="plan" value="declared" defaultChecked={view.chosen === 'declared'} />
            <span>as its file declares it</span>
          </label>
          <label className="tick-line">
            <input type="radio" name="plan" value="typed" defaultChecked={view.chosen === 'typed'} />
            <span>as it stands here: what you change below counts only so</span>
          </label>
        </fieldset>
      ) : (
        <input type="hidden" name="plan" value="typed" />
      )}
      <label className="field wide">
        <span>Stages, one a line: share, how long it is watched, and who approves it where somebody has to</span>
        <textarea
          className="input mono"
          name="stages"
          rows={6}
          maxLength={2000}
          defaultValue={typed.stages}
          spellCheck={false}
          {...marks('stages')}
        />
        {message('stages')}
        {now && (
          <span className="why">
            Now: {tight(now)}. A rollout only goes up: the first stage has to be above that, or it is not drawn up.
          </span>
        )}
      </label>
      <fieldset className="wide" {...marks('slos')}>
        <legend>Guarded by</legend>
        {view.slos.map(({ id, title }) => (
          <label key={id} className="tick-line">
            <input type="checkbox" name="slo" value={id} defaultChecked={typed.slos.includes(id)} />
            <span>{title}</span>
          </label>
        ))}
        {view.kept.map(({ key, title, counts }) => (
          <label key={key} className="tick-line">
            <input type="checkbox" name="kept" value={key} defaultChecked={typed.kept.includes(key)} />
            <span>
              {title} <span className="why">as its file says: {tight(counts)}</span>
            </span>
          </label>
        ))}
        {view.differs && (
          <p className="why">
            Its file asks for other guards, requests or windows at some stages. What stands here holds for every stage.
          </p>
        )}
        {message('slos')}
      </fieldset>
      <CountedGuards view={view} wrong={wrong} />
      <label className="field">
        <span>Who is judged</span>
        <select className="input" name="judge" defaultValue={view.noCohort ? 'service' : typed.judge}>
          <option value="service">the whole service</option>
          {!view.noCohort && <option value="cohort">only those who have it</option>}
        </select>
        {view.noCohort && <span className="why">{view.noCohort}</span>}
      </label>
      <label className="field">
        <span>Requests that a stage needs before it is judged</span>
        <input
          className="input"
          name="minRequests"
          inputMode="numeric"
          defaultValue={view.minRequests}
          {...marks('minRequests')}
        />
        {message('minRequests')}
      </label>
      <fieldset className="windows">
        <legend>Windows that must both burn before it is taken back</legend>
        <label className="field">
          <span>Short</span>
          <input className="input" name="short" maxLength={20} defaultValue={typed.short} {...marks('short')} />
        </label>
        <label className="field">
          <span>Long, never back before the step</span>
          <input className="input" name="long" maxLength={20} defaultValue={typed.long} {...marks('long')} />
        </label>
        {message('short')}
        {message('long')}
      </fieldset>
      <label className="field">
        <span>A hold for a spent budget or an incident</span>
        <select className="input" name="resume" defaultValue={typed.resume}>
          <option value="by-person">ends when somebody resumes it</option>
          <option value="when-calm">ends once it is calm</option>
        </select>
      </label>
      <label className="field">
        <span>A rollback leads to</span>
        <select className="input" name="backTo" defaultValue={typed.backTo}>
          <option value="start">what stood before the first step</option>
          <option value="step">what stood before the present step</option>
        </select>
      </label>
      <label className="tick-line wide">
        <input type="checkbox" name="shadow" value="yes" defaultChecked={typed.shadow} />
        <span>In shadow: say what it would do, and change nothing</span>
      </label>
      <span className="acts wide">
        <button type="submit" className="btn" aria-busy={busy}>
          {busy ? 'Sending…' : 'Draw it up'}
        </button>
        <span className="why">Nothing starts by this: the plan stands before you first.</span>
      </span>
    </Form>
  );
}

/** Whoever changes something of the plan wants what they typed, not what the file declares. */
function chooseTyped({ currentTarget, target }: FormEvent<HTMLFormElement>): void {
  if (target instanceof HTMLInputElement && target.name === 'plan') return;
  const typed = currentTarget.querySelector<HTMLInputElement>('input[type=radio][name=plan][value=typed]');
  if (typed) typed.checked = true;
}
