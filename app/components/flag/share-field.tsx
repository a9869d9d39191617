/** The share of people that a flag should reach, whole percent. `kept` is what was typed and refused. */
export function ShareField({ kept }: { kept: string | undefined }) {
  return (
    <label className="field">
      <span>Share, percent</span>
      <input
        className="input"
        type="number"
        name="percent"
        min={0}
        max={100}
        step={1}
        required
        inputMode="numeric"
        defaultValue={kept}
      />
    </label>
  );
}
