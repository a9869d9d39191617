import { setTimeout as sleep } from 'node:timers/promises';
import type { Receipt } from '#app/domain/flag/flag.ts';
import type { Run, RunStep } from '#app/domain/run/run.ts';
import { type Play, readRun } from './play.ts';
import { usualSpeed } from './world.ts';

const minute = 60_000;
const over = new Set<RunStep['state']>(['succeeded', 'skipped', 'undone']);
/** A leap after which something that is waited for still counts as having held all the time: looks are at most 3 min apart. */
const strideMs = 1.5 * minute;
/** While services report what they answer: Unleash writes it down every few seconds of wall time. */
const reportingSpeed = 20;
/** Wall ms in which what was answered before a change is written down, and that a receipt may take before time goes on without it. */
const reportMs = { least: 5_000, most: 20_000 };
/** Near a moment at which something is judged, the engine has to keep up: data ms per wall ms. */
const carefulSpeed = 10;
/** Wall ms in which a scheduled look comes by itself. */
const lookMs = 1_500;
/** The same where the engine was late, and time was held back for it. */
const lateLookMs = 12_000;

/** The step whose turn it is: in flight, or the first that is not over; null when all are. */
export function current(run: Pick<Run, 'steps'>): RunStep | null {
  const moving = run.steps.find(({ state }) => state === 'running' || state === 'blocked' || state === 'verifying');
  return moving ?? run.steps.find(({ state }) => !over.has(state)) ?? null;
}

/** True when only a person moves the run on: nothing is on its way. */
export function rests(run: Run): boolean {
  if (run.state === 'done' || run.state === 'cancelled') return !run.steps.some(({ state }) => inFlight(state));
  const step = current(run);
  if (step === null) return true;
  if (inFlight(step.state)) return false;
  return step.state !== 'pending' || step.reason?.startsWith('The plan could not be read') === true;
}

function inFlight(state: RunStep['state']): boolean {
  return state === 'running' || state === 'verifying' || state === 'blocked';
}

/** Lets as much time pass as what is in flight needs, or a moment of wall time where the engine is at work. */
export async function advance(play: Play, id: string): Promise<Run> {
  const { pace } = play;
  const run = await readRun(play, id);
  const step = current(run);
  if (step?.state === 'verifying') await whileVerifying(play, step);
  else if (step?.state === 'blocked') {
    // A stop that nobody takes is tried for ten minutes; the tries themselves are seconds of wall time apart.
    await pace.pass(11 * minute);
    await sleep(lookMs);
  } else if (step?.state === 'running') {
    pace.speed(play.down.size > 0 ? 1 : usualSpeed);
    await pace.moment();
  } else await pace.moment();
  return readRun(play, id);
}

/** The receipt of a flag change that nobody has closed yet: a leap would make reports of before seem late ones. */
function openReceipt(evidence: unknown): Receipt | null {
  if (typeof evidence !== 'object' || evidence === null || !('layers' in evidence && 'end' in evidence)) return null;
  return evidence.end === null ? (evidence as Receipt) : null;
}

/** True when the last report of everybody who runs was right, or nobody can be waited for any longer. */
function isHeard({ memory }: Receipt, ageMs: number): boolean {
  const applications = Object.values(memory?.applications ?? {}).filter(({ instances }) => instances > 0);
  const right = applications.length > 0 && applications.every((one) => one.right > 0);
  return ageMs > reportMs.most || (right && ageMs > reportMs.least);
}

/** Wall ms since a step's receipt was first seen open in this case. */
function receiptAge({ receipts }: Play, { id }: RunStep): number {
  const since = receipts.get(id) ?? performance.now();
  receipts.set(id, since);
  return performance.now() - since;
}

async function whileVerifying(play: Play, step: RunStep): Promise<void> {
  const { pace } = play;
  const { verification } = step;
  const receipt = openReceipt(step.evidence);
  if (receipt && !isHeard(receipt, receiptAge(play, step))) {
    pace.speed(reportingSpeed);
    await pace.moment();
    return;
  }
  if (step.kind === 'people') {
    pace.speed(carefulSpeed);
    await pace.pass(strideMs);
    // A look that is due in 10 s of data was set by the speed of then.
    if (pace.busy()) pace.speed(1);
    await sleep(pace.busy() ? lateLookMs : lookMs);
    return;
  }
  if (!verification) {
    pace.speed(usualSpeed);
    await pace.moment();
    return;
  }
  const { firstInformativeAt, deadline } = verification;
  const now = pace.now();
  if (verification.outcome !== null || now > deadline + minute) {
    // The burn is judged: what is still awaited is who obeys.
    pace.speed(usualSpeed);
    await pace.pass(strideMs);
    return;
  }
  pace.speed(carefulSpeed);
  if (now < firstInformativeAt + minute) await pace.pass(firstInformativeAt + minute - now);
  else if (now < deadline - minute / 2) {
    await sleep(2 * lookMs);
    await pace.pass(Math.max(0, deadline - minute / 2 - pace.now()));
  } else await pace.moment();
}
