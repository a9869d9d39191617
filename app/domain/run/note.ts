/** A line that somebody wrote on a run: a note, or that somebody else has it from now on. */
export interface RunNote {
  id: number;
  at: number;
  kind: 'note' | 'hand-over';
  text: string;
  by: { name: string; email: string };
  /** Who has the run since; null of a note. */
  to: { name: string; email: string } | null;
  step: string | null;
}

/** "Ada handed this to Grace: …", "Ada took this over: …", or the note as it is. */
export function noteText({ kind, by, to, text }: Pick<RunNote, 'kind' | 'by' | 'to' | 'text'>): string {
  if (kind === 'note' || !to) return text;
  return to.email === by.email
    ? `${by.name} took this run: ${text}`
    : `${by.name} handed this run to ${to.name}: ${text}`;
}
