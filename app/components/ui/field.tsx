/** A labelled input of a form that stands alone, with what is wrong with it said beneath. */
export function Field(props: {
  label: string;
  name: string;
  type: string;
  autoComplete: string;
  autoFocus?: boolean;
  defaultValue?: string;
  error: string | null;
}) {
  const { label, name, error, ...input } = props;
  const errorId = `${name}-error`;
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <input
        {...input}
        id={name}
        name={name}
        className="input"
        autoCapitalize="none"
        spellCheck={false}
        required
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? errorId : undefined}
      />
      {error && (
        <p className="field-error" id={errorId} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
