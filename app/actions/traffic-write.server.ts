import type {
  CloudRunOperation,
  CloudRunRead,
  CloudRunService,
  CloudRunWrite,
  TrafficTarget,
} from '../clients/cloud-run/port.ts';
import type { CloudRunTarget } from '../domain/service/service.ts';
import { unsettled } from '../domain/service/traffic.ts';
import { AppError } from '../errors.ts';

/** Wall ms for which an operation is followed; afterwards the service itself is asked. */
const followFor = 120_000;
const followEvery = 1_000;
/** Wall ms for which a service may take to settle after its operation ended. */
const settleFor = 20_000;

/** Replaces a service's traffic and follows the operation to its end. Throws `plan_stale` when the etag lost, `bad_input` when the operation failed, `unavailable` when its end is not known. */
export async function writeTraffic(
  deps: { read: CloudRunRead; write: CloudRunWrite },
  target: CloudRunTarget,
  traffic: TrafficTarget[],
  etag: string,
  signal: AbortSignal,
): Promise<CloudRunOperation> {
  let operation = await deps.write.setTraffic(target, traffic, { etag, validateOnly: false, signal });
  const until = Date.now() + followFor;
  while (!operation.done) {
    if (Date.now() > until) throw new AppError('unavailable', `${operation.name} did not end within 2 min.`);
    await wait(followEvery, signal);
    operation = await deps.read.operation(operation.name, signal);
  }
  if (operation.error !== null) throw new AppError('bad_input', `Cloud Run refused the change: ${operation.error}`);
  return operation;
}

/** Waits until a service settles on an intent; returns it with why it has not, or null when it has. */
export async function untilSettled(
  read: CloudRunRead,
  target: CloudRunTarget,
  intent: (service: CloudRunService) => TrafficTarget[],
  signal: AbortSignal,
): Promise<{ service: CloudRunService; why: string | null }> {
  const until = Date.now() + settleFor;
  for (;;) {
    const service = await read.service(target, signal);
    const why = unsettled(service, intent(service));
    // A service that is not on its way anywhere will not get there by waiting.
    const moving = service.reconciling || service.generation !== service.observedGeneration;
    if (why === null || !moving || Date.now() > until) return { service, why };
    await wait(followEvery, signal);
  }
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve, ms));
  signal.throwIfAborted();
}
