import type { Actor } from '../domain/run/run.ts';

/**
 * Writes to PagerDuty as the person who acts; where PagerDuty knows no user of that email ("Requester User Not Found", a 400)
 * as `fallback`, our own user there. Gives back whose email it was written with.
 */
export async function writeAs(
  actor: Pick<Actor, 'email'> | null,
  fallback: string,
  write: (from: string) => Promise<unknown>,
): Promise<string> {
  const from = actor?.email ?? fallback;
  try {
    await write(from);
    return from;
  } catch (error) {
    const unknown = /requester user not found/i.test((error as Error).message);
    if (!unknown || from === fallback) throw error;
    await write(fallback);
    return fallback;
  }
}
