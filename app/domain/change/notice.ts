import type { FlagDeclaration } from '../flag/flag.ts';
import type { Change, Reversal } from './change.ts';
import { flagReversal } from './reversal.ts';

/** What whoever moved a flag or a revision is told when burn rises since: figures in words and the way back. Times ms. */
export interface ChangeNotice {
  /** One per change and SLO. */
  key: string;
  /** When the rise was seen. */
  at: number;
  change: Pick<Change, 'id' | 'title' | 'target' | 'kind' | 'actor' | 'at'>;
  service: string;
  slo: string;
  sloTitle: string;
  /** "Failures rise since this change: 186 of 7,174 in 2 min, 25.9×, against 15 of 53,805 before it." */
  text: string;
  /** The way back; null where there is none to name. */
  reversal: Reversal | null;
}

/** The way back from a change that was just made, before anything is weighed: the flag's safe state, or what took the traffic before. */
export function wayBack(
  change: Change,
  flags: readonly FlagDeclaration[],
  slo: string,
  environment: string,
): Reversal | null {
  if (change.kind === 'flag') {
    const flag = flags.find(({ name }) => name === change.target);
    return flag ? flagReversal(flag, change, slo, environment) : null;
  }
  const before = change.before !== null && typeof change.before === 'object' ? Object.entries(change.before) : [];
  const [to] = before.filter(([name]) => name !== change.target).sort((a, b) => Number(b[1]) - Number(a[1]))[0] ?? [];
  if (to === undefined || change.service === null) return null;
  return { action: 'cloudrun.traffic', label: `Route back to ${to}`, inputs: { service: change.service, to, slo } };
}
