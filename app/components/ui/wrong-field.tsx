/** What a form says at the field that was refused: `message` under it, `marks` on its input. Without anything wrong both say nothing. */
export function wrongField<Field extends string>(wrong: { field: Field; message: string } | null) {
  return {
    message: (name: Field) =>
      wrong?.field === name && (
        <span id={`wrong-${name}`} className="text-red" role="alert">
          {wrong.message}
        </span>
      ),
    marks: (name: Field) => ({
      'aria-invalid': wrong?.field === name || undefined,
      'aria-describedby': wrong?.field === name ? `wrong-${name}` : undefined,
    }),
  };
}
