import type { ImpactRead } from '../../clients/unleash/impact-read.server.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { type ImpactWatch, impactMetricsOf } from '../../domain/rollout/impact.ts';
import type { Clock } from '../../platform/clock.ts';
import { type ImpactStore, impactKey } from '../../stores/flag/impact-minutes.server.ts';
import type { RolloutStore, RolloutWriter } from '../../stores/rollout/rollouts.server.ts';
import type { ObservationStore } from '../../stores/stores.ts';
import { readFailureText } from '../given-up.ts';
import type { Task } from '../loop.server.ts';

const everyMs = 15_000;
/** Drafts that are counted for before they start, ms of age and how many: one left lying asks for nothing any more. */
const draftsFor = 86_400_000;
const mostDrafts = 100;
const several =
  'Its counters fall again and again: several instances of Unleash seem to answer at this address, each with counts of its own';

/**
 * Reads impact metrics every 15 s and counts them by minute: for what stands, and for what is only declared or drawn up of late,
 * so that a guard knows what was before its step. A failure is stored, and the guard says it.
 */
export function countImpact(deps: {
  clock: Pick<Clock, 'now'>;
  catalog(): Promise<Catalog | null>;
  rollouts: Pick<RolloutWriter, 'moving'> & Pick<RolloutStore, 'list'>;
  observations: Pick<ObservationStore, 'failed'>;
  unleash: ImpactRead;
  impact: Pick<ImpactStore, 'take'>;
}): Task {
  return {
    name: 'count-impact',
    everyMs,
    async run(signal) {
      const watches = await watched(deps);
      if (watches.length === 0) return;
      const metrics = [...new Set(watches.flatMap((one) => one.metrics))].sort();
      const at = deps.clock.now();
      try {
        const counters = await deps.unleash.counters(metrics, signal);
        const many = await deps.impact.take({ at, metrics, counters }, watches);
        if (many) await deps.observations.failed('unleash', impactKey, several, at);
      } catch (error) {
        if (signal.aborted) throw error;
        await deps.observations.failed('unleash', impactKey, readFailureText(error, 0), deps.clock.now());
      }
    },
  };
}

/** Flags whose impact metrics some plan counts, by environment; all metrics of one flag together. */
async function watched({
  clock,
  catalog,
  rollouts,
}: Pick<Parameters<typeof countImpact>[0], 'clock' | 'catalog' | 'rollouts'>): Promise<ImpactWatch[]> {
  const declared = ((await catalog())?.flags ?? []).flatMap(({ name, environments, rollout }) =>
    rollout ? environments.map((one) => ({ flag: name, environment: one.name, plan: rollout })) : [],
  );
  const now = clock.now();
  const drafts = (await rollouts.list({ open: true, limit: mostDrafts })).filter(
    ({ state, openedAt }) => state === 'draft' && openedAt > now - draftsFor,
  );
  const standing = [...(await rollouts.moving(now)), ...drafts].flatMap(({ subject, plan }) =>
    subject.kind === 'flag' ? [{ flag: subject.flag, environment: subject.environment, plan }] : [],
  );
  const watches = new Map<string, ImpactWatch>();
  for (const { flag, environment, plan } of [...declared, ...standing]) {
    const key = JSON.stringify([flag, environment]);
    const metrics = [...new Set([...(watches.get(key)?.metrics ?? []), ...impactMetricsOf(plan)])];
    if (metrics.length > 0) watches.set(key, { flag, environment, metrics });
  }
  return [...watches.values()];
}
