import type { Clock } from '../../platform/clock.ts';

/** A part of the SLOs that nobody has gone over for this long (data ms) is missed. */
const missedAfterMs = 120_000;
const answerMs = 5_000;

/**
 * Pings the outside check while every part of the SLO work is done, by whichever engine; without a ping that check raises the
 * alarm. Nothing where there is none (`url` null).
 */
export async function pingDeadman(deps: {
  url: string | null;
  clock: Pick<Clock, 'now'>;
  /** When the part that was gone over longest ago was, ms; null while one never was. */
  evaluatedAt: () => Promise<number | null>;
  signal: AbortSignal;
}): Promise<void> {
  if (deps.url === null) return;
  const oldest = await deps.evaluatedAt();
  if (oldest === null || deps.clock.now() - oldest > missedAfterMs) return;
  const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(answerMs)]);
  await fetch(deps.url, { method: 'POST', signal }).catch(() => undefined);
}
