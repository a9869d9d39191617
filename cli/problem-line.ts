import type { Problem } from '#app/domain/runbook/runbook.ts';

/** A problem on one line, as compilers print theirs: a terminal can open the place. */
export function problemLine({ file, line, column, severity, message, hint }: Problem): string {
  return `${file}:${line}:${column} ${severity} ${message}${hint ? ` ${hint}` : ''}`;
}
