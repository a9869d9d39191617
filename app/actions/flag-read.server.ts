import type { UnleashRead } from '../clients/unleash/port.ts';
import type { FlagEnvironmentState, FlagState, FlagUsage } from '../domain/flag/flag.ts';
import { isOldSdk } from '../domain/flag/sdk.ts';
import type { Precondition } from '../domain/run/run.ts';
import { durationText } from '../domain/slo/figures.ts';
import { errorCode } from '../errors.ts';
import type { ObservationStore } from '../stores/stores.ts';
import type { ActionContext } from './action.ts';

/** A flag in one environment with what is known around it, or why nothing can be done with it. */
export type FlagReading =
  | { ok: true; flag: FlagState; state: FlagEnvironmentState; usage: FlagUsage[] | null; precondition: Precondition }
  | { ok: false; refused: string };

/**
 * Reads a flag from Unleash; when Unleash does not answer, its last observed state stands in with its age, because a
 * stop must be possible to plan then too. Throws when neither is there.
 */
export async function readFlag(
  deps: { unleash: UnleashRead; observations: ObservationStore },
  context: ActionContext,
): Promise<FlagReading> {
  const name = String(context.input.flag);
  const environment = String(context.input.environment);
  const usage = deps.unleash.usage(name, environment, context.signal).catch(() => null);
  let flag: FlagState;
  let precondition: Precondition = { state: 'pass', text: 'Unleash answers.' };
  try {
    flag = await deps.unleash.flag(name, context.signal);
  } catch (error) {
    if (errorCode(error) === 'not_found') return { ok: false, refused: `Unleash has no flag ${name}.` };
    const { value, at } = await deps.observations.get<FlagState[]>('unleash', 'flags');
    const last = value?.find((one) => one.flag === name);
    if (!last || at === null) throw error;
    flag = last;
    const age = durationText(context.now() - at);
    precondition = { state: 'unknown', text: `${(error as Error).message}: this is its state of ${age} ago.` };
  }
  const state = flag.environments.find((one) => one.environment === environment);
  if (!state) return { ok: false, refused: `${name} does not exist in ${environment}.` };
  return { ok: true, flag, state, usage: await usage, precondition };
}

/** Names the SDKs that are old: what they do with a change is least certain. */
function oldWords(sdks: Record<string, number>): string {
  const old = Object.keys(sdks).filter(isOldSdk);
  return old.length === 0 ? '' : `, with an old SDK: ${old.join(', ')}`;
}

/** What a change reaches, a line each: child flags and the applications that evaluate the flag. */
export function blastOf(flag: FlagState, usage: FlagUsage[] | null): string[] {
  const lines: string[] = [];
  if (flag.children.length > 0) lines.push(`Child flags go with it: ${flag.children.join(', ')}`);
  if (usage === null) lines.push('Which applications evaluate it could not be read.');
  const seen = (usage ?? []).filter((one) => one.instances > 0);
  for (const { application, instances, pollSeconds, sdks } of seen) {
    const asks = pollSeconds === null ? '' : `, asking every ${Math.round(pollSeconds)} s`;
    lines.push(`${application}: ${instances} instance${instances === 1 ? '' : 's'}${asks}${oldWords(sdks ?? {})}`);
  }
  if (usage !== null && seen.length === 0) lines.push('No application evaluated it in the last 10 minutes.');
  return lines;
}
