import type { CloudRunWrite, TrafficTarget } from '../clients/cloud-run/port.ts';
import type { Precondition } from '../domain/run/run.ts';
import { type CloudRunTarget, cloudRunName } from '../domain/service/service.ts';
import { errorCode } from '../errors.ts';
import type { TrafficReading } from './traffic-read.server.ts';

/** Cloud Run's own answer to the first write of a plan, without doing it. */
export type DryRun = (
  target: CloudRunTarget,
  traffic: TrafficTarget[],
  reading: TrafficReading,
  context: { now(): number; signal: AbortSignal },
) => Promise<Precondition>;

/** An answer about the same service as it stood, and the same traffic, is good for so long, data ms. */
const goodForMs = 10 * 60_000;
const mostKept = 200;

/**
 * Asks at most once per state of a service: a plan is read anew every few seconds, and this is the write method with a quota
 * and permissions of its own. A console that only observes does not ask at all.
 */
export function createDryRun(write: CloudRunWrite, acts: boolean): DryRun {
  const answers = new Map<string, { at: number; answer: Precondition }>();
  return async (target, traffic, reading, { now, signal }) => {
    if (!acts) return { state: 'unknown', text: 'The dry run was not made: this console only observes.' };
    if (!reading.fresh) return { state: 'unknown', text: 'The dry run was not made: Cloud Run does not answer.' };
    const key = JSON.stringify([cloudRunName(target), reading.service.etag, traffic]);
    const known = answers.get(key);
    if (known && now() - known.at < goodForMs) return known.answer;
    const answer = await ask(write, target, traffic, reading.service.etag, signal);
    answers.delete(key);
    if (answer.state !== 'unknown') answers.set(key, { at: now(), answer });
    for (const oldest of answers.keys()) if (answers.size > mostKept) answers.delete(oldest);
    return answer;
  };
}

async function ask(
  write: CloudRunWrite,
  target: CloudRunTarget,
  traffic: TrafficTarget[],
  etag: string,
  signal: AbortSignal,
): Promise<Precondition> {
  try {
    const { error } = await write.setTraffic(target, traffic, { etag, validateOnly: true, signal });
    if (error === null) return { state: 'pass', text: 'Cloud Run’s dry run accepts it.' };
    return { state: 'fail', text: `Cloud Run’s dry run refuses it: ${error}` };
  } catch (error) {
    if (errorCode(error) === 'plan_stale') {
      return {
        state: 'unknown',
        text: 'The service changed while this was planned; it is read again before anything is written.',
      };
    }
    const refused = (error as { reason?: unknown }).reason === 'refused';
    const text = (error as Error).message;
    return refused
      ? { state: 'fail', text: `Cloud Run’s dry run refuses it: ${text}` }
      : { state: 'unknown', text: `The dry run was not answered: ${text}` };
  }
}
