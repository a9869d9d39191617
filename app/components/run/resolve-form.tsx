import { type StepContext, StepForm } from './step-form.tsx';

const decisions = [
  { value: 'done', label: 'It is done' },
  { value: 'retry', label: 'Try again' },
  { value: 'abort', label: 'Give up' },
] as const;

/** What a person decides about an effect that nobody could observe. */
export function ResolveForm({ why, ...about }: StepContext & { why: string | null }) {
  return (
    <StepForm {...about} intent="resolve">
      <p className="basis-full text-[13px]">
        Firebreak does not know whether the change took place. Look at the target, then decide.
      </p>
      {decisions.map((each) => (
        <button
          key={each.value}
          type="submit"
          name="decision"
          value={each.value}
          className="btn"
          disabled={why !== null}
        >
          {each.label}
        </button>
      ))}
      {why && <span className="why">{why}</span>}
    </StepForm>
  );
}
