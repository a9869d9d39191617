/** The share of people that a flag should reach, whole percent. `value` stands in it at first: what was typed and refused, or what is now. */
export function ShareField({ label, value }: { label: string; value: string | number | undefined }) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        className="input"
        type="number"
        name="percent"
        min={0}
        max={100}
        step={1}
        required
        inputMode="numeric"
        defaultValue={value}
      />
    </label>
  );
}
