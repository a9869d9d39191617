/** One sentence that a form asks for: why, why not, what for. `kept` is what was typed and refused. */
export function ReasonField({
  label,
  kept,
  className = 'field',
}: {
  label: string;
  kept: string | null | undefined;
  className?: string;
}) {
  return (
    <label className={className}>
      <span>{label}</span>
      <input className="input" name="reason" required minLength={3} maxLength={500} defaultValue={kept ?? undefined} />
    </label>
  );
}
