import { ServicesClient } from '@google-cloud/run';
import { cloudRunName } from '../../domain/service/service.ts';
import { AppError } from '../../errors.ts';
import { OutsideError } from '../../platform/outside-error.ts';
import type { Resilience } from '../../platform/resilience.ts';
import { googleOptions, lazyClient } from '../google.ts';
import type { CloudRunWrite } from './port.ts';
import { fromTarget, toOperation } from './wire.ts';

const [notFound, aborted, failedPrecondition] = [5, 10, 9];

/** Writes to the Cloud Run Admin API, each one attempt. Only traffic is ever sent: never a template. */
export function createCloudRunWrite(options: {
  endpoint: string | null;
  resilience: Resilience;
  timeoutMs?: number;
}): CloudRunWrite & { close(): Promise<void> } {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const services = lazyClient(() => new ServicesClient(googleOptions(options.endpoint)));
  return {
    async setTraffic(target, traffic, { etag, validateOnly, signal }) {
      try {
        return await options.resilience.write(
          async () => {
            const client = await services.ready();
            const [operation] = await client.updateService(
              {
                service: { name: cloudRunName(target), etag, traffic: traffic.map(fromTarget) },
                updateMask: { paths: ['traffic'] },
                validateOnly,
              },
              { timeout: timeoutMs, retry: null },
            );
            return toOperation(operation.latestResponse);
          },
          { timeoutMs, signal },
        );
      } catch (error) {
        throw refusal(error);
      }
    },
    close: () => services.close(),
  };
}

/** An etag that lost is a stale plan; what does not exist is not there; the rest stays as it is. */
function refusal(error: unknown): unknown {
  if (!(error instanceof OutsideError)) return error;
  const stale =
    error.answered === aborted || (error.answered === failedPrecondition && /etag|version/i.test(error.message));
  if (stale) return new AppError('plan_stale', undefined, { cause: error });
  if (error.answered === notFound) return new AppError('not_found', error.message, { cause: error });
  return error;
}
