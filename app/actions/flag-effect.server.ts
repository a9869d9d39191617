import type { UnleashRead, UnleashWitness } from '../clients/unleash/port.ts';
import type { FlagUsage, Receipt } from '../domain/flag/flag.ts';
import { coveringPoll, effectTime } from '../domain/flag/poll.ts';
import { advanceReceipt, type ReceiptObservation, servedAnswer, startReceipt } from '../domain/flag/receipt.ts';
import type { Plan } from '../domain/run/run.ts';
import { durationText } from '../domain/slo/figures.ts';
import type { Clock } from '../platform/clock.ts';
import type { ChangeStore, ObservationStore } from '../stores/stores.ts';
import type { ActionContext, Followed } from './action.ts';

/** What watching a flag change needs. */
export interface FlagEffectDeps {
  unleash: UnleashRead;
  witness: UnleashWitness;
  observations: ObservationStore;
  changes: ChangeStore;
  clock: Clock;
}

/** What a change of a flag is to bring about: `partial` when not everybody is to get the expected answer. */
export interface ExpectedAnswer {
  flag: string;
  environment: string;
  expected: boolean;
  partial: boolean;
}

/** Unleash stamps events by its own clock: this much may lie between it and ours, wall ms. */
const clockSlack = 10_000;
/** An Unleash instance serves a change about a second after it took it. */
const servedAfter = 1_000;

/** A receipt right after Unleash said yes. */
export function receiptOf(context: ActionContext, answer: ExpectedAnswer, usage: FlagUsage[] | null): Receipt {
  return startReceipt({ ...answer, acceptedAt: context.now(), usage, speed: context.speed() });
}

/** Words of a plan about time to effect: served, then obeyed by 95 % of the instances, slower ones named. */
export function effectWords(usage: FlagUsage[] | null): Pick<Plan, 'effect' | 'effectMs'> {
  if (usage === null) return { effect: 'When it is obeyed is not known: usage could not be read.', effectMs: null };
  const { seconds, slower, assumed } = coveringPoll(usage);
  if (seconds === 0) return { effect: 'Served in about 1 s; nobody was seen to evaluate it.', effectMs: servedAfter };
  const effectMs = servedAfter + seconds * 1000;
  const guess = assumed ? ' (15 s assumed where SDKs do not say how often they ask)' : '';
  const late = slower.length > 0 ? ` Slower: ${slower.join(', ')}.` : '';
  return { effect: `Obeyed by 95 % of the instances in about ${durationText(effectMs)}${guess}.${late}`, effectMs };
}

/** One more look at a change of a flag: each source by itself, so that one that fails costs its own layer. */
export async function followFlag(
  deps: FlagEffectDeps,
  context: ActionContext,
  receipt: Receipt,
  known: { effectAt?: number } | null,
): Promise<Followed> {
  const { flag, environment } = receipt;
  const [recorded, served, usage] = await Promise.all([
    eventOf(deps, receipt).catch(() => null),
    deps.unleash.served(environment, context.signal).catch(() => null),
    deps.unleash.usage(flag, environment, context.signal).catch(() => null),
  ]);
  const now = context.now();
  const seen: ReceiptObservation = {
    recorded,
    served: served && { revision: served.revision, answer: servedAnswer(served.features, flag) },
    witnessed: { answer: deps.witness.evaluate(flag, environment), seenAt: deps.witness.seenAt(environment) },
    usage,
  };
  const next = advanceReceipt(receipt, seen, now);
  const promised = effectTime(next);
  // Once in force it stays so: later reports never move the moment that verification counts from.
  const effectAt = known?.effectAt ?? (promised !== null && promised <= now ? promised : null);
  const servedYet = next.layers.some((layer) => layer.layer === 'served' && layer.at !== null);
  const contradiction = next.layers.find((layer) => layer.layer === (served && !servedYet ? 'served' : 'obeyed'));
  return {
    evidence: next,
    progress: effectAt === null ? null : { effectAt },
    effectAt,
    ended: next.end !== null,
    failed: next.end === 'contradicted' ? `Contradicted: ${contradicting(next, contradiction?.text ?? '')}` : null,
    lookIn: servedYet ? 3_000 : 1_000,
  };
}

/** The layer that speaks against the change: what is served when that turned back, else the applications. */
function contradicting(receipt: Receipt, fallback: string): string {
  const served = receipt.layers.find((layer) => layer.layer === 'served');
  if (served?.text.includes('something else')) return served.text;
  const against = receipt.applications.find((one) => one.obeyed === false);
  return against ? `${against.application} ${against.text}` : fallback;
}

/** The event of our change among those that the poll of Unleash's audit has recorded. */
async function eventOf(deps: FlagEffectDeps, receipt: Receipt): Promise<{ eventId: number } | null> {
  if (receipt.layers.some((layer) => layer.layer === 'recorded' && layer.at !== null)) return null;
  const acceptedAt = receipt.layers[0]?.at ?? 0;
  const since = acceptedAt - clockSlack * deps.clock.speed();
  const found = (await deps.changes.recent({ since, limit: 50 })).find(
    (change) =>
      change.source === 'unleash' &&
      change.target === receipt.flag &&
      change.environment === receipt.environment &&
      // An edit of a segment is one event for many flags, and none of ours.
      /^\d+$/.test(change.externalId),
  );
  return found ? { eventId: Number(found.externalId) } : null;
}
