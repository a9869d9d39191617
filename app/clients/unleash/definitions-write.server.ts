import { mayBegin } from '../../domain/flag/default-strategies.ts';
import type { Beginning } from '../../domain/flag/reconcile.ts';
import { AppError } from '../../errors.ts';
import type { Resilience } from '../../platform/resilience.ts';
import { environmentPath, featurePath, type UnleashAddress, unleashRequest } from './http.server.ts';
import type { UnleashDefinitions } from './port.ts';
import { toFlagState, wireFeature } from './wire.ts';

/** Writes of definitions to Unleash's Admin API over HTTP. */
export function createUnleashDefinitions(options: {
  address: Pick<UnleashAddress, 'baseUrl' | 'adminToken'>;
  resilience: Resilience;
}): UnleashDefinitions {
  const { address, resilience } = options;
  const call = (method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<string> =>
    resilience.write(
      async (inner) => {
        const url = `${address.baseUrl}/api/admin${path}`;
        return (await unleashRequest(url, address.adminToken, { method, body, signal: inner })).text();
      },
      { signal },
    );
  const read = async (flag: string, signal?: AbortSignal) =>
    wireFeature.parse(JSON.parse(await call('GET', featurePath(flag), undefined, signal)));

  /** Adds strategies where the flag is off and has none, so that nobody gets it by this. */
  async function begin(flag: string, beginnings: readonly Beginning[], signal?: AbortSignal): Promise<void> {
    const { environments } = toFlagState(await read(flag, signal));
    for (const { environment, strategies } of beginnings) {
      const now = environments.find((one) => one.environment === environment);
      // A file may declare an environment that this Unleash does not have: the next plan says so.
      if (!now) continue;
      if (!mayBegin(now)) {
        throw new AppError('plan_stale', `${flag} was changed in ${environment} while the plan was being applied.`);
      }
      for (const strategy of strategies)
        await call('POST', `${environmentPath(flag, environment)}/strategies`, strategy, signal);
    }
  }

  return {
    async send(write, signal) {
      const path = featurePath(write.flag);
      if (write.kind === 'revive') {
        await call('POST', `/archive/revive/${encodeURIComponent(write.flag)}`, {}, signal);
        return;
      }
      if (write.kind === 'begin') return begin(write.flag, [write], signal);
      const { flag: name, type, description } = write;
      if (write.kind === 'create') {
        await call('POST', '/projects/default/features', { name, type, description }, signal);
        if (write.begins.length > 0) await begin(name, write.begins, signal);
        return;
      }
      const now = await read(name, signal);
      if (now.type !== write.seen.type || (now.description ?? '').trim() !== write.seen.description) {
        throw new AppError('plan_stale', `${name} was changed in Unleash while the plan was being applied.`);
      }
      // A whole definition would take back what it does not name, such as the mark that a flag is stale.
      const replace = (field: string, value: string) => ({ op: 'replace', path: `/${field}`, value });
      await call('PATCH', path, [replace('type', type), replace('description', description)], signal);
    },
  };
}
