import type { Catalog } from '#app/domain/catalog.ts';
import { type Fault, faultySystems } from '#app/domain/rehearsal/faults.ts';
import type { RehearsalWorld } from './world.ts';

type Sim = RehearsalWorld['sim'];

/** Makes the world as a fault says. `service` is the runbook's, for faults that name none. */
export async function breakWorld(sim: Sim, fault: Fault, catalog: Catalog, service: string | null): Promise<void> {
  const hit = 'errors' in fault ? { failShare: fault.errors / 100, slowShare: fault.slow / 100 } : null;
  const at = ('service' in fault ? fault.service : undefined) ?? service;
  switch (fault.fault) {
    case 'bad-flag':
    case 'flag-turned': {
      const flag = catalog.flags.find(({ name }) => name === fault.flag)!;
      const on = flag.safe.state !== 'on';
      const by = flag.owners.find((owner) => owner.includes('@')) ?? `${flag.owners[0] ?? 'someone'}@studio.example`;
      const rollout = on ? fault.to : 100 - fault.to;
      await sim('flag', { flag: flag.name, by, rollout, enabled: rollout > 0 });
      if (hit) await sim('harm', { service: flag.service, flag: { name: flag.name, enabled: on }, ...hit });
      return;
    }
    case 'bad-revision':
    case 'deployed': {
      const rollback = fault.fault === 'bad-revision' && fault.rollback !== 'unknown' ? fault.rollback : null;
      await sim('deploy', { service: at, rollback, message: 'Rehearsed deploy', ...hit });
      return;
    }
    case 'dependency-failing': {
      for (const { id, dependsOn, cloudRun } of catalog.services) {
        if (!cloudRun || !dependsOn.includes(fault.dependency)) continue;
        const fallback = catalog.flags.find(
          (flag) => flag.service === id && flag.type === 'kill-switch' && flag.safe.state === 'on',
        );
        await sim('harm', { service: id, dependency: fault.dependency, sparedBy: fallback?.name ?? null, ...hit });
      }
      return;
    }
    case 'failing':
      await sim('harm', { service: at, ...hit });
      return;
    case 'queue-stuck':
      await sim('queue', { queue: fault.queue, stuck: true });
      return;
    case 'traffic-vanished':
      await sim('traffic', { service: at, ratio: fault.to / 100 });
      return;
    case 'no-metrics':
      await sim('blackout', { on: true });
      return;
    case 'system-down':
      await sim('fault', { system: fault.system, kind: fault.as });
      return;
    case 'deploy-stuck':
      await sim('cloud-run', { service: at, stuck: true });
      return;
    case 'workflow-fails':
      await sim('github', { conclusion: 'failure' });
  }
}

/** Mends what a fault of this name broke, everywhere; `all` mends everything. What people turned stays as they left it. */
export async function heal(sim: Sim, name: string, catalog: Catalog): Promise<void> {
  const is = (...names: Fault['fault'][]) => name === 'all' || (names as string[]).includes(name);
  const running = catalog.services.filter(({ cloudRun }) => cloudRun).map(({ id }) => id);
  if (is('bad-flag', 'bad-revision', 'dependency-failing', 'failing')) await sim('harmless', {});
  if (is('queue-stuck'))
    for (const { id, kind } of catalog.services) if (kind === 'queue') await sim('queue', { queue: id, stuck: false });
  if (is('traffic-vanished')) for (const service of running) await sim('traffic', { service, ratio: 1 });
  if (is('no-metrics')) await sim('blackout', { on: false });
  if (is('system-down')) for (const system of faultySystems) await sim('fault', { system, kind: 'none' });
  if (is('deploy-stuck')) for (const service of running) await sim('cloud-run', { service, stuck: false });
  if (is('workflow-fails')) await sim('github', { conclusion: 'success' });
}
