import { inEnvironment, type Seen } from '#app/domain/rehearsal/judge-case.ts';
import type { Run } from '#app/domain/run/run.ts';
import type { Play } from './play.ts';

/** How the world, its flags and the run stand: asked of the outside systems themselves, not of what Firebreak believes. */
export async function look({ stage, story }: Play, run: Run): Promise<Seen> {
  const flags: Seen['flags'] = {};
  for (const name of Object.keys(story.expect.flags)) {
    const key = inEnvironment(name);
    flags[key] = await flagAt(stage.world.unleash, key);
  }
  const { pinned } = (await stage.sim('state')) as { pinned: string[] };
  const left = (await stage.stores.followUps.open()).filter(({ runId }) => runId === run.id);
  const incident = run.incidentId === null ? null : await stage.stores.incidents.get(run.incidentId);
  return {
    run: run.state,
    steps: Object.fromEntries(
      run.steps.map(({ id, state, result, plan, kind, reason, outputs }) => [
        id,
        { state, result, kind: plan?.kind ?? kind, reason, outputs },
      ]),
    ),
    flags,
    traffic: Object.fromEntries(
      Object.keys(story.expect.traffic).map((service) => [service, pinned.includes(service) ? 'pinned' : 'latest']),
    ),
    followUps: left.map(({ target }) => target.slice(target.lastIndexOf('/') + 1)),
    incident: incident?.status ?? null,
  };
}

/** A flag as Unleash keeps it: off, or the percentage of its first rollout that is in force. */
async function flagAt(unleash: { url: string; adminToken: string }, key: string): Promise<Seen['flags'][string]> {
  const [environment, name] = [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)];
  const url = `${unleash.url}/api/admin/projects/default/features/${encodeURIComponent(name)}/environments/${environment}`;
  const response = await fetch(url, { headers: { authorization: unleash.adminToken } });
  if (!response.ok) return null;
  const found = (await response.json()) as {
    enabled: boolean;
    strategies: { disabled?: boolean; parameters: { rollout?: string } }[];
  };
  if (!found.enabled) return 'off';
  const inForce = found.strategies.filter(({ disabled }) => !disabled);
  const shares = inForce.map(({ parameters }) => Number(parameters.rollout ?? 100));
  const share = shares.length === 0 ? 100 : Math.max(...shares);
  return share === 100 ? 'on' : share;
}
