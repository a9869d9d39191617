import type { FlagUsage, Receipt, ReceiptEnd, ReceiptLayer } from './flag.ts';
import { coveringPoll } from './poll.ts';
import { type ApplicationVerdict, judgeApplications, watchUsage } from './receipt-applications.ts';
import { closeReceipt } from './receipt-close.ts';

/** What one look at the outside found. Null: it could not be read this time. */
export interface ReceiptObservation {
  /** The change's event in Unleash's audit. */
  recorded: { eventId: number } | null;
  /** What SDKs are served now; `answer` as `servedAnswer` reads it. */
  served: { revision: number; answer: boolean | 'depends' | null } | null;
  /** What Firebreak's own SDK answers, and when it last heard from Unleash, data ms. */
  witnessed: { answer: boolean | null; seenAt: number | null } | null;
  usage: FlagUsage[] | null;
}

/** What a receipt starts with, right after Unleash said yes. Times are data ms. */
export interface ReceiptStart {
  flag: string;
  environment: string;
  expected: boolean;
  acceptedAt: number;
  /** Usage just before the change; null when it could not be read. */
  usage: FlagUsage[] | null;
  /** True when not everybody is to get the expected answer. */
  partial?: boolean;
  /** How often SDKs report; 60 s is their default. */
  reportMs?: number;
  deadlineMs?: number;
  /** Data ms per wall ms: Unleash's own delays are wall time. */
  speed?: number;
}

/** Unleash writes reports down every few seconds. */
const wallSlackMs = 10_000;
const unknownReportMs = 60_000;

/** A receipt with its first layer: Unleash accepted the change. */
export function startReceipt(start: ReceiptStart): Receipt {
  const reportMs = start.reportMs ?? unknownReportMs;
  const slackMs = wallSlackMs * (start.speed ?? 1);
  const empty = { reportMs, slackMs, lookedAt: null, applications: {} };
  const memory = start.usage ? watchUsage(empty, start.usage, { ...start, servedAt: null }, start.acceptedAt) : empty;
  const pollMs = coveringPoll(start.usage ?? []).seconds * 1000;
  const slowestReportMs = Math.max(reportMs, ...(start.usage ?? []).map((one) => (one.reportSeconds ?? 0) * 1000));
  return {
    flag: start.flag,
    environment: start.environment,
    expected: start.expected,
    layers: [
      { layer: 'accepted', at: start.acceptedAt, text: 'Unleash took the change' },
      { layer: 'recorded', at: null, text: "waiting for its event in Unleash's audit" },
      { layer: 'served', at: null, text: 'waiting until SDKs are served the new state' },
      { layer: 'witnessed', at: null, text: "waiting for Firebreak's own SDK" },
      { layer: 'obeyed', at: null, text: 'waiting for reports of the applications' },
    ],
    applications: [],
    deadline:
      start.acceptedAt + (start.deadlineMs ?? Math.max(300_000, 2 * pollMs + 3 * slowestReportMs + 2 * slackMs)),
    end: null,
    ...(start.partial ? { partial: true } : {}),
    memory,
  };
}

/** The receipt after one more look. An ended receipt stays as it is. */
export function advanceReceipt(receipt: Receipt, seen: ReceiptObservation, now: number): Receipt {
  if (receipt.end !== null) return receipt;
  const next: Receipt = { ...receipt, layers: receipt.layers.map((layer) => ({ ...layer })) };
  const at = (layer: ReceiptLayer) => next.layers.find((one) => one.layer === layer)!.at;
  const write = (layer: ReceiptLayer, text: string, reached: boolean) => {
    const line = next.layers.find((one) => one.layer === layer)!;
    if (reached) line.at ??= now;
    line.text = text;
  };
  const word = receipt.expected ? 'on' : 'off';

  if (seen.recorded && at('recorded') === null)
    write('recorded', `event ${seen.recorded.eventId} in Unleash's audit`, true);
  const servedBefore = at('served') !== null;
  if (seen.served && fits(seen.served.answer, receipt)) {
    if (!servedBefore) write('served', `SDKs are served ${word}, revision ${seen.served.revision}`, true);
  } else if (seen.served && servedBefore) {
    write('served', `SDKs are served something else again, revision ${seen.served.revision}`, false);
    return closeReceipt(next, 'contradicted');
  }
  const servedAt = at('served');
  if (seen.witnessed && servedAt !== null && at('witnessed') === null) {
    const { answer, seenAt } = seen.witnessed;
    const fresh = seenAt !== null && seenAt >= servedAt;
    if (fresh && answer !== null && (answer === receipt.expected || receipt.partial)) {
      write('witnessed', `Firebreak's own SDK answers ${answer ? 'on' : 'off'}`, true);
    } else write('witnessed', witnessText(answer, seenAt, receipt.expected), false);
  }

  const previousLook = receipt.memory?.lookedAt ?? null;
  const base = receipt.memory ?? { reportMs: unknownReportMs, slackMs: wallSlackMs, lookedAt: null, applications: {} };
  next.memory = seen.usage ? watchUsage(base, seen.usage, { ...receipt, servedAt }, now) : base;
  if (servedAt === null) return settle(next, [], now, 'awaited');
  const verdicts = seen.usage ? judgeApplications(next, next.memory, servedAt, previousLook, now) : null;
  if (verdicts) {
    next.applications = verdicts.map(({ application, obeyed, text }) => ({ application, obeyed, text }));
    write('obeyed', obeyedText(verdicts, next), isObeyed(verdicts));
  }
  return settle(next, verdicts, now, at('witnessed') !== null ? 'agrees' : heard(seen.witnessed, servedAt, next, now));
}

/** What SDKs are told about a flag by `/api/client/features`: off, on for everyone, or depending on who asks. Null: not told at all. */
export function servedAnswer(features: unknown[], flag: string): boolean | 'depends' | null {
  const found = (features as { name?: unknown; enabled?: unknown; strategies?: unknown[] }[]).find(
    (feature) => feature.name === flag,
  );
  if (!found) return null;
  if (found.enabled !== true) return false;
  const strategies = (found.strategies ?? []) as {
    name?: string;
    parameters?: Record<string, string>;
    constraints?: unknown[];
    segments?: unknown[];
  }[];
  const everyone = strategies.some(
    (strategy) =>
      (strategy.constraints ?? []).length === 0 &&
      (strategy.segments ?? []).length === 0 &&
      (strategy.name === 'default' || (strategy.name === 'flexibleRollout' && strategy.parameters?.rollout === '100')),
  );
  return strategies.length === 0 || everyone ? true : 'depends';
}

function fits(answer: boolean | 'depends' | null, receipt: Receipt): boolean {
  // A flag that SDKs are not told about evaluates to off.
  if (!receipt.expected) return answer === false || answer === null;
  return answer === true || (receipt.partial === true && answer === 'depends');
}

/** What Firebreak's own SDK says of a change: that it sees it, something else, nothing (so far, or for longer than it takes). */
type Witness = 'agrees' | 'awaited' | 'silent';

/** A witness that could not be asked is waited for as long as Unleash takes to write things down; one that answers otherwise is waited for. */
function heard(witnessed: ReceiptObservation['witnessed'], servedAt: number, receipt: Receipt, now: number): Witness {
  const speaks = witnessed !== null && witnessed.answer !== null && (witnessed.seenAt ?? -1) >= servedAt;
  const patience = receipt.memory?.slackMs ?? wallSlackMs;
  return !speaks && now >= servedAt + patience ? 'silent' : 'awaited';
}

function settle(receipt: Receipt, verdicts: ApplicationVerdict[] | null, now: number, witness: Witness): Receipt {
  const end = endOf(receipt, verdicts, now, witness);
  return end === null ? receipt : closeReceipt(receipt, end);
}

function endOf(
  receipt: Receipt,
  verdicts: ApplicationVerdict[] | null,
  now: number,
  witness: Witness,
): ReceiptEnd | null {
  const served = receipt.layers.some(({ layer, at }) => layer === 'served' && at !== null);
  if (verdicts?.some(({ obeyed }) => obeyed === false)) return 'contradicted';
  if (verdicts && served) {
    // Nobody is there to obey, and waiting longer for a witness that says nothing would not change that.
    if (witness !== 'awaited' && verdicts.every(({ awaited }) => !awaited)) return 'unobservable';
    if (witness === 'agrees' && isObeyed(verdicts)) return 'confirmed';
  }
  if (now < receipt.deadline) return null;
  return receipt.applications.some(({ obeyed }) => obeyed === true) ? 'partly' : 'unconfirmed';
}

function isObeyed(verdicts: ApplicationVerdict[]): boolean {
  const awaited = verdicts.filter((verdict) => verdict.awaited);
  return awaited.length > 0 && awaited.every(({ obeyed }) => obeyed === true);
}

function obeyedText(verdicts: ApplicationVerdict[], receipt: Receipt): string {
  const awaited = verdicts.filter((verdict) => verdict.awaited);
  if (awaited.length === 0) return `nobody evaluates ${receipt.flag} in ${receipt.environment}: it cannot be observed`;
  const against = awaited.filter(({ obeyed }) => obeyed === false).map(({ application }) => application);
  if (against.length > 0) return `${against.join(', ')} does not obey`;
  const done = awaited.filter(({ obeyed }) => obeyed === true).length;
  const open = awaited.filter(({ obeyed }) => obeyed === null).map(({ application }) => application);
  const all = `${done} of ${awaited.length} application${awaited.length === 1 ? ' obeys' : 's obey'}`;
  return open.length === 0 ? all : `${all}; waiting for ${open.join(', ')}`;
}

function witnessText(answer: boolean | null, seenAt: number | null, expected: boolean): string {
  if (seenAt === null) return "Firebreak's own SDK has not heard from Unleash";
  if (answer === null) return "Firebreak's own SDK does not know the flag";
  return answer === expected
    ? "Firebreak's own SDK is about to ask again"
    : `Firebreak's own SDK still answers ${answer ? 'on' : 'off'}`;
}
