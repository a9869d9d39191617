/**
 * Remembers since when each name has been gone. The function takes all names that are gone at `now` (data ms) and returns those
 * that have been for at least `ms`: a checkout replaces files one after the other, and what is back in a moment never left.
 */
export function createGoneFor(ms: number): (gone: readonly string[], now: number) => string[] {
  let since = new Map<string, number>();
  return (gone, now) => {
    since = new Map(gone.map((name) => [name, since.get(name) ?? now]));
    return gone.filter((name) => now - (since.get(name) ?? now) >= ms);
  };
}

/** Data ms for which an SLO or a source stays out of the catalog before what it left open is closed. */
export const takenOutAfter = 2 * 60_000;
