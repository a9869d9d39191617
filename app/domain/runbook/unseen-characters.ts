import type { Problem } from './runbook.ts';

/** What nobody sees in a text, and what it does to whoever copies it. */
const unseen: { pattern: RegExp; message(found: string): string; hint: string }[] = [
  {
    pattern: /\0/,
    message: () => 'The file holds a NUL character: it is shown, and copied, as �.',
    hint: 'Remove it.',
  },
  {
    pattern: /[\u202a-\u202e\u2066-\u2069]/,
    message: (found) =>
      `A character that nobody sees (${found}) turns the direction of text here: a command can read otherwise than it is copied.`,
    hint: 'Remove it.',
  },
];

/** Warns of characters that make what is copied another text than what is seen: once of each kind, at the first. */
export function unseenProblems(source: string, lines: readonly string[], file: string): Problem[] {
  return unseen.flatMap(({ pattern, message, hint }) => {
    if (!pattern.test(source)) return [];
    const line = lines.findIndex((text) => pattern.test(text));
    const { index, 0: character } = pattern.exec(lines[line]!)!;
    const code = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    return [{ file, line: line + 1, column: index + 1, severity: 'warning', message: message(code), hint }];
  });
}
