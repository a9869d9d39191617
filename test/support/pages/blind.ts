import type { World } from './world.ts';

/** Takes the last hours of data from these SLOs of a world, as a source that answers without any does: the evaluation goes on, blind since `since` (ms). */
export function blind(world: World, since: number, ...slos: string[]): World {
  const histories = { ...world.histories };
  for (const slo of slos) {
    const played = histories[slo]!;
    const windows = { ...played.evaluation.windows };
    for (const name of ['5m', '30m', '1h'] as const) {
      windows[name] = { window: name, bad: 0, total: 0, burn: null, coverage: 0 };
    }
    const evaluation = {
      ...played.evaluation,
      windows,
      condition: 'no-data' as const,
      reason: 'The source has no data for the last 5 minutes; unmeasured time is not uptime.',
      dataTo: since,
      tier: null,
    };
    histories[slo] = { ...played, evaluation };
  }
  return { ...world, histories };
}
