import { paths } from '../../paths.ts';

/** What a run is one step of: its address and what it is called. */
export interface Whole {
  path: string;
  text: string;
}

type OfRun = { ofRun(runId: string): Promise<{ id: string; title: string } | null> };

/** The rollout or panic that a run belongs to; null where it stands for itself. */
export async function wholeOf(
  { rollouts, panics }: { rollouts: OfRun; panics: OfRun },
  runId: string,
): Promise<Whole | null> {
  const [rollout, panic] = await Promise.all([rollouts.ofRun(runId), panics.ofRun(runId)]);
  if (rollout) return { path: paths.rollout(rollout.id), text: `the rollout of ${rollout.title}` };
  return panic && { path: paths.panic(panic.id), text: `the panic ${panic.title}` };
}
