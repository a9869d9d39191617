import type { CloudRunRead, CloudRunRevision, CloudRunService, ObservedService } from '../clients/cloud-run/port.ts';
import type { Precondition } from '../domain/run/run.ts';
import type { Service } from '../domain/service/service.ts';
import { inForce } from '../domain/service/traffic.ts';
import { durationText } from '../domain/slo/figures.ts';
import { AppError } from '../errors.ts';
import type { ObservationStore } from '../stores/stores.ts';
import type { ActionContext } from './action.ts';

/** A Cloud Run service as a plan needs it. */
export interface TrafficReading {
  service: CloudRunService;
  revisions: CloudRunRevision[];
  carriedAll: Record<string, number>;
  /** Whether it was read now, or is the last observation. */
  fresh: boolean;
  precondition: Precondition;
}

/** The catalog's service that a step is about; a sentence when it cannot be one. */
export function serviceOf(context: ActionContext): (Service & { cloudRun: NonNullable<Service['cloudRun']> }) | string {
  const id = String(context.input.service ?? context.run.service ?? '');
  const service = context.catalog.services.find((one) => one.id === id);
  if (!service) return id === '' ? 'This run names no service.' : `There is no service ${id} in the catalog.`;
  const { cloudRun } = service;
  return cloudRun ? { ...service, cloudRun } : `${id} does not run on Cloud Run.`;
}

/** The catalog's service that a step is about. Throws AppError `bad_input` when it cannot be one. */
export function requireService(context: ActionContext) {
  const service = serviceOf(context);
  if (typeof service === 'string') throw new AppError('bad_input', service);
  return service;
}

/** Reads a service and its revisions; when Cloud Run does not answer, the last observation stands in with its age. */
export async function readTraffic(
  deps: { read: CloudRunRead; observations: ObservationStore },
  context: ActionContext,
  service: { id: string; cloudRun: NonNullable<Service['cloudRun']> },
): Promise<TrafficReading> {
  const observed = await deps.observations.get<ObservedService>('cloud-run', `service/${service.id}`);
  const carriedAll = observed.value?.carriedAll ?? {};
  try {
    const [state, revisions] = await Promise.all([
      deps.read.service(service.cloudRun, context.signal),
      deps.read.revisions(service.cloudRun, context.signal),
    ]);
    const precondition = { state: 'pass' as const, text: 'Cloud Run answers.' };
    return { service: state, revisions, carriedAll, fresh: true, precondition };
  } catch (error) {
    if (!observed.value || observed.at === null) throw error;
    const age = durationText(context.now() - observed.at);
    const text = `${(error as Error).message}: this is its state of ${age} ago.`;
    const { service: state, revisions } = observed.value;
    return { service: state, revisions, carriedAll, fresh: false, precondition: { state: 'unknown', text } };
  }
}

/** The revision with the most traffic now; null while there is none. */
export function mainRevision(service: CloudRunService): string | null {
  const shares = Object.entries(inForce(service)).sort((a, b) => b[1] - a[1]);
  return shares[0]?.[0] ?? null;
}
