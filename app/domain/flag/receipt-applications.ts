import type { ApplicationWatch, FlagUsage, Receipt, ReceiptMemory } from './flag.ts';
import { defaultPollSeconds } from './poll.ts';
import { sdkWords } from './sdk.ts';

/** What one look says about an application. */
export interface ApplicationVerdict {
  application: string;
  /** True: obeys. False: certainly does not. Null: not known yet. */
  obeyed: boolean | null;
  /** False for what has no instance and reports nothing: nobody waits for it. */
  awaited: boolean;
  text: string;
}

/** The memory after a reading of usage. Counts are cumulative per clock hour, so growth is summed over the hours reported. */
export function watchUsage(
  memory: ReceiptMemory,
  usage: FlagUsage[],
  change: { expected: boolean; partial?: boolean; servedAt: number | null },
  now: number,
): ReceiptMemory {
  const { expected, servedAt } = change;
  const applications: Record<string, ApplicationWatch> = {};
  for (const one of usage) {
    const before = memory.applications[one.application];
    const hours = hoursOf(one);
    // Without an earlier reading of anything, what is there now is where counting starts.
    const base = before?.hours ?? (memory.lookedAt === null ? hours : {});
    const grown = growth(base, hours);
    const right = expected ? grown.yes : grown.no;
    const wrong = expected ? grown.no : grown.yes;
    const counts = servedAt !== null;
    applications[one.application] = {
      instances: one.instances,
      registered: one.registered,
      pollSeconds: one.pollSeconds,
      reportSeconds: one.reportSeconds ?? null,
      sdks: one.sdks ?? before?.sdks ?? {},
      hours,
      right: !counts || (wrong > 0 && !change.partial) ? 0 : (before?.right ?? 0) + right,
      wrong: (before?.wrong ?? 0) + (counts ? wrong : 0),
      lastWrongAt: counts && wrong > 0 ? now : (before?.lastWrongAt ?? null),
    };
  }
  for (const [name, watch] of Object.entries(memory.applications)) applications[name] ??= { ...watch, instances: 0 };
  return { ...memory, lookedAt: now, applications };
}

/**
 * Judges every application. An SDK's report covers the time since its last one, so answers from before the change keep
 * coming for one poll and one report after it was served; only later ones contradict, and only a quiet report interval
 * with right answers in it counts as obeyed. `previousLook`: growth seen now may have come any time since then.
 */
export function judgeApplications(
  receipt: Receipt,
  memory: ReceiptMemory,
  servedAt: number,
  previousLook: number | null,
  now: number,
): ApplicationVerdict[] {
  return Object.entries(memory.applications)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([application, watch]) => {
      const poll = (watch.pollSeconds ?? defaultPollSeconds) * 1000;
      const reportMs = watch.reportSeconds === null ? memory.reportMs : watch.reportSeconds * 1000;
      // Whoever runs and has not asked for it in this hour or the last does not evaluate it any more.
      const asked = Object.values(watch.hours).some(({ yes, no }) => yes + no > 0);
      // Whoever asks and has not registered yet has only just begun.
      const runs = watch.instances > 0 || watch.registered === false;
      const awaited = (runs && asked) || watch.right > 0 || watch.wrong > 0;
      const made = (obeyed: boolean | null, text: string) => ({ application, obeyed, awaited, text });
      const wrongWord = receipt.expected ? 'off' : 'on';
      const rightWord = receipt.expected ? 'on' : 'off';
      if (!awaited) {
        return made(null, runs ? 'runs, and has not asked for it in 1 h' : 'no instance seen in the last 10 min');
      }
      if (receipt.partial) {
        return watch.right > 0
          ? made(true, `${count(watch.right)} answered ${rightWord}`)
          : made(null, `none answered ${rightWord} yet`);
      }
      // An instance that missed one poll is late, not disobedient.
      const lastExcuse = servedAt + 2 * poll + reportMs + memory.slackMs;
      if (watch.lastWrongAt === now && previousLook !== null && previousLook > lastExcuse) {
        return made(
          false,
          `still answers ${wrongWord}: ${count(watch.wrong)} since the change was served${by(watch.sdks)}`,
        );
      }
      const quietSince = Math.max(servedAt + poll, watch.lastWrongAt ?? 0);
      if (watch.right > 0 && now >= quietSince + reportMs + memory.slackMs) {
        return made(true, `${count(watch.right)} answered ${rightWord}, none ${wrongWord}`);
      }
      if (watch.right === 0 && watch.wrong === 0) {
        return made(null, `silent: no evaluation reported since the change${by(watch.sdks)}`);
      }
      if (watch.right === 0 && now >= quietSince + reportMs + memory.slackMs) {
        return made(null, `silent: nothing reported since it could obey${by(watch.sdks)}`);
      }
      return made(null, `waiting for a full report without ${wrongWord}${by(watch.sdks)}`);
    });
}

/** Which SDKs are behind an answer that is missing or wrong. */
function by(sdks: Record<string, number> = {}): string {
  const words = sdkWords(sdks);
  return words === '' ? '' : ` (${words})`;
}

function hoursOf(usage: FlagUsage): Record<string, { yes: number; no: number }> {
  const { hour, yes, no, previousHour: last } = usage;
  return { ...(last ? { [last.hour]: { yes: last.yes, no: last.no } } : {}), [hour]: { yes, no } };
}

function growth(
  before: Record<string, { yes: number; no: number }>,
  after: typeof before,
): { yes: number; no: number } {
  let [yes, no] = [0, 0];
  for (const [hour, counts] of Object.entries(after)) {
    yes += Math.max(0, counts.yes - (before[hour]?.yes ?? 0));
    no += Math.max(0, counts.no - (before[hour]?.no ?? 0));
  }
  return { yes, no };
}

function count(evaluations: number): string {
  return `${evaluations.toLocaleString('en-GB')} evaluation${evaluations === 1 ? '' : 's'}`;
}
