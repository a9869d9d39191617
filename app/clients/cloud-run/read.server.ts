import { createHmac } from 'node:crypto';
import { RevisionsClient, ServicesClient } from '@google-cloud/run';
import { cloudRunName } from '../../domain/service/service.ts';
import { AppError } from '../../errors.ts';
import { OutsideError } from '../../platform/outside-error.ts';
import type { Resilience } from '../../platform/resilience.ts';
import { googleOptions, lazyClient } from '../google.ts';
import type { CloudRunRead } from './port.ts';
import { toOperation, toRevision, toService } from './wire.ts';

const notFound = 5;
/** Cloud Run lists revisions newest first; nobody rolls back further than this. */
const revisionsRead = 100;
/** The client's own retries are off: the policy has them. Its deadline ends the call that the policy gave up. */
const call = { timeout: 5000, retry: null, autoPaginate: false } as const;

/** Reads of the Cloud Run Admin API, each through the system's policy. `endpoint` null is the real Google. */
export function createCloudRunRead(options: {
  endpoint: string | null;
  resilience: Resilience;
  /** Keys the fingerprints of plain values: without it a short value could be guessed from its digest. */
  secret: string;
}): CloudRunRead & { close(): Promise<void> } {
  const services = lazyClient(() => new ServicesClient(googleOptions(options.endpoint)));
  const revisions = lazyClient(() => new RevisionsClient(googleOptions(options.endpoint)));
  const fingerprint = (value: string) => createHmac('sha256', options.secret).update(value).digest('hex').slice(0, 16);

  async function read<T>(what: string, fn: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await options.resilience.read(fn, signal);
    } catch (error) {
      if (error instanceof OutsideError && error.answered === notFound) {
        throw new AppError('not_found', `Cloud Run knows no ${what}`, { cause: error });
      }
      throw error;
    }
  }

  return {
    service: (target, signal) =>
      read(
        `service ${target.service}`,
        async () => {
          const [service] = await (await services.ready()).getService({ name: cloudRunName(target) }, call);
          return toService(service);
        },
        signal,
      ),

    revisions: (target, signal) =>
      read(
        `service ${target.service}`,
        async () => {
          const request = { parent: cloudRunName(target), pageSize: revisionsRead };
          const [found] = await (await revisions.ready()).listRevisions(request, call);
          return found.map((wire) => toRevision(wire, fingerprint)).sort((a, b) => b.createdAt - a.createdAt);
        },
        signal,
      ),

    operation: (name, signal) =>
      read(
        `operation ${name}`,
        async () => {
          const { operationsClient } = await services.ready();
          const [operation] = await operationsClient.getOperation({ name } as never, call as never);
          return toOperation(operation);
        },
        signal,
      ),

    async close() {
      await Promise.all([services.close(), revisions.close()]);
    },
  };
}
