/** One line of what the doctor found. `mend` says what to do; null where nothing is wrong. */
export interface Finding {
  check: string;
  state: 'ok' | 'problem' | 'skipped';
  text: string;
  mend: string | null;
}

/** A check that found nothing wrong. */
export function ok(check: string, text: string): Finding {
  return { check, state: 'ok', text, mend: null };
}

/** A check that found something wrong, and how to mend it. */
export function problem(check: string, text: string, mend: string): Finding {
  return { check, state: 'problem', text, mend };
}

/** A check that could not be made, and why. */
export function skipped(check: string, text: string): Finding {
  return { check, state: 'skipped', text, mend: null };
}

/** What a failure said, on one line, with the cause that lies deepest. */
export function said(error: unknown): string {
  const first = lineOf(error);
  let deepest = error as { cause?: unknown };
  while (deepest.cause) deepest = deepest.cause as { cause?: unknown };
  const cause = lineOf(deepest);
  return first.includes(cause) ? first : `${first} (${cause})`;
}

function lineOf(error: unknown): string {
  const { message = '', code } = error as { message?: string; code?: string };
  return (message.split('\n')[0] || code || String(error)).replace(/[.:]\s*$/, '');
}
