import { returnSafety } from '../domain/change/return-safety.ts';
import type { Precondition } from '../domain/run/run.ts';
import { flagsOnlyInNewer, latestSecrets, revisionDifferences } from '../domain/service/rollback.ts';
import type { ChangeStore } from '../stores/stores.ts';
import type { ActionContext } from './action.ts';
import type { TrafficChoice } from './traffic-choice.ts';
import type { TrafficReading } from './traffic-read.server.ts';

/** What is known of going from the present revision to another: whether it is safe, what differs, what goes with it. */
export async function knownOfRollback(
  changes: ChangeStore,
  context: ActionContext,
  service: string,
  reading: TrafficReading,
  main: string | null,
  choice: Extract<TrafficChoice, { ok: true }>,
): Promise<{ preconditions: Precondition[]; differences: string[]; blast: string[] }> {
  const from = reading.revisions.find((one) => one.name === main);
  const to = reading.revisions.find((one) => one.name === (choice.revision ?? reading.service.latestReadyRevision));
  if (!from || !to || from.name === to.name) return { preconditions: [], differences: [], blast: [] };
  const differences = revisionDifferences(from, to);
  const back = to.createdAt < from.createdAt;
  if (!back) return { preconditions: [], differences, blast: [] };
  const recorded = await changes.recent({ since: to.createdAt, until: context.now(), limit: 200 });
  const here = recorded.filter((change) => change.service === service || change.service === null);
  const { rollback, reason } = returnSafety(
    service,
    reading.revisions,
    { from: from.name, to: to.name },
    here,
    context.now(),
  );
  const state = ({ safe: 'pass', unsafe: 'fail', unknown: 'unknown' } as const)[rollback];
  const words = {
    safe: 'Going back is safe',
    unsafe: 'Going back is unsafe',
    unknown: 'Whether going back is safe is not known',
  };
  const secrets = latestSecrets(to);
  const flags = flagsOnlyInNewer(from, to) ?? [];
  return {
    preconditions: [{ state, text: `${words[rollback]}: ${reason}.` }],
    differences: [
      ...differences,
      ...(secrets.length > 0 ? [`secrets taken as latest have today's value: ${secrets.join(', ')}`] : []),
    ],
    blast: flags.length > 0 ? [`Flags that only ${from.name} knows: ${flags.join(', ')}`] : [],
  };
}
