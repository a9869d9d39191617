import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { FlagStrategy } from '../../domain/flag/flag.ts';
import { AppError } from '../../errors.ts';
import type { Resilience } from '../../platform/resilience.ts';
import { environmentPath, type UnleashAddress, unleashRequest } from './http.server.ts';
import type { UnleashWrite } from './port.ts';
import { toStrategy, wireStrategy } from './wire.ts';

/** Writes to Unleash over HTTP, each one attempt. Unleash credits them to the token: our audit names the person. */
export function createUnleashWrite(options: {
  address: Pick<UnleashAddress, 'baseUrl' | 'adminToken'>;
  resilience: Resilience;
  timeoutMs?: number;
}): UnleashWrite {
  const { address, resilience } = options;

  /** One request; its answer is read to the end, so that the deadline covers it and the connection is free again. */
  const call = (method: string, path: string, body: unknown, signal?: AbortSignal): Promise<unknown> =>
    resilience.write(
      async (inner) => {
        const url = `${address.baseUrl}/api/admin${path}`;
        const response = await unleashRequest(url, address.adminToken, { method, body, signal: inner });
        const text = await response.text();
        return text === '' ? null : JSON.parse(text);
      },
      { timeoutMs: options.timeoutMs, signal },
    );

  return {
    async setEnabled(flag, environment, enabled, signal) {
      await call('POST', `${environmentPath(flag, environment)}/${enabled ? 'on' : 'off'}`, {}, signal);
    },

    async addStrategy(flag, environment, strategy, signal) {
      refuseBadRollout(strategy);
      const path = `${environmentPath(flag, environment)}/strategies`;
      const added = wireStrategy.parse(await call('POST', path, body(strategy), signal));
      // Turning on without a strategy silently means everyone: only what can be read back counts as added.
      const stored = z.array(wireStrategy).parse(await call('GET', path, undefined, signal));
      const found = stored.map(toStrategy).find((one) => one.id === added.id);
      if (!found || !isDeepStrictEqual(found.parameters, strategy.parameters)) {
        throw new AppError('unavailable', `Unleash did not keep the strategy that was added to ${flag}`);
      }
      return found;
    },

    async updateStrategy(flag, environment, strategy, signal) {
      refuseBadRollout(strategy);
      const path = `${environmentPath(flag, environment)}/strategies/${encodeURIComponent(strategy.id)}`;
      await call('PUT', path, body(strategy), signal);
    },

    async removeStrategy(flag, environment, id, signal) {
      const path = `${environmentPath(flag, environment)}/strategies/${encodeURIComponent(id)}`;
      await call('DELETE', path, undefined, signal);
    },
  };
}

/** Unleash stores a rollout of "150" or "abc" without a word. */
function refuseBadRollout(strategy: Omit<FlagStrategy, 'id'>): void {
  const rollout = strategy.parameters.rollout;
  if (rollout === undefined || (/^\d{1,3}$/.test(rollout) && Number(rollout) <= 100)) return;
  throw new AppError('bad_input', `A rollout is a whole number from 0 to 100, not "${rollout}"`);
}

function body(strategy: Omit<FlagStrategy, 'id'>): object {
  const { name, title, disabled, parameters, constraints, segments, variants } = strategy;
  return { name, title: title ?? null, disabled: disabled ?? false, parameters, constraints, segments, variants };
}
