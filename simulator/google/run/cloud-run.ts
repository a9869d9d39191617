import { randomUUID } from 'node:crypto';
import grpc from '@grpc/grpc-js';
import { uniform } from '../../world/random.ts';
import type { CloudRunControl, LiveService, SimContext, TrafficShare } from '../../world/seams.ts';
import { StatusError } from '../service.ts';
import { type OperationState, openRunState, type ServiceState } from './run-state.ts';
import { readTraffic, type Target } from './traffic-rules.ts';

/** The simulated Cloud Run: what the world and drills do to it, and what its API reads and changes. */
export interface SimulatedCloudRun extends CloudRunControl {
  services: LiveService[];
  /** A service's state now; a rollout that is due has ended. Throws NOT_FOUND for unknown ids. */
  read(id: string): ServiceState;
  etag(id: string): string;
  /** Checks and takes new traffic; a dry run changes nothing. Throws as the API does. */
  update(id: string, traffic: object[], options: { etag: string; validateOnly: boolean }): string;
  operation(name: string): OperationState;
  /** Rollouts of a service do not end while it is stuck: the drill "deploy stuck". */
  setStuck(id: string, stuck: boolean): void;
  /** Makes a revision unable to serve, or able again. */
  setReady(id: string, revision: string, ready: boolean): void;
  close(): void;
}

/** A rollout takes this long, data ms: a few seconds, drawn per change. */
const [fastestMs, slowestMs] = [2000, 6000];
const keptOperations = 200;

/** Cloud Run over the live services; its state is kept in the simulator's data folder. */
export function createCloudRun(context: SimContext): SimulatedCloudRun {
  const { state, save } = openRunState(context);
  const stuck = new Set<string>();
  const listeners = new Set<(service: string) => void>();
  // Ends rollouts when nobody asks: the world must hear of them in time.
  const timer = setInterval(() => {
    for (const { id } of context.services) settle(id);
  }, 200).unref();

  const serviceOf = (id: string): LiveService => {
    const found = context.services.find((service) => service.id === id);
    if (!found) throw new StatusError(grpc.status.NOT_FOUND, `Service '${id}' does not exist.`);
    return found;
  };

  function settle(id: string): ServiceState {
    const service = state.services[id]!;
    const { rollout } = service;
    if (!rollout || stuck.has(id) || context.clock.now() < rollout.until) return service;
    const newest = service.revisions.at(-1)!;
    if (newest.ready) service.latestReady = newest.name;
    const next = service.traffic.map((target) => ({ target, revision: target.revision ?? service.latestReady }));
    const unable = next.find(
      ({ target, revision }) =>
        target.percent > 0 && !service.revisions.some((one) => one.name === revision && one.ready),
    );
    service.failure = unable ? `Revision '${unable.revision}' is not ready and cannot serve traffic.` : null;
    const before = JSON.stringify(service.inForce);
    if (!unable) service.inForce = next;
    service.rollout = null;
    service.observedGeneration = service.generation;
    service.version += 1;
    const operation = state.operations[rollout.operation];
    if (operation) {
      operation.done = true;
      if (service.failure) operation.error = { code: grpc.status.FAILED_PRECONDITION, message: service.failure };
    }
    save();
    if (JSON.stringify(service.inForce) !== before) for (const listener of listeners) listener(id);
    return service;
  }

  /** Takes a change of intent: a new generation on its way, and the operation that follows it. */
  function begin(id: string, change: (service: ServiceState) => void): string {
    const service = settle(id);
    const overtaken = service.rollout && state.operations[service.rollout.operation];
    if (overtaken) {
      overtaken.done = true;
      overtaken.error = { code: grpc.status.ABORTED, message: 'A newer change of the service took over.' };
    }
    const now = context.clock.now();
    change(service);
    service.generation += 1;
    service.version += 1;
    service.updatedAt = now;
    const spread = uniform(context.seed, id, service.generation, 'rollout') * (slowestMs - fastestMs);
    const name = operationName(serviceOf(id));
    service.rollout = { operation: name, until: now + fastestMs + spread };
    state.operations[name] = { service: id, done: false, error: null };
    for (const old of Object.keys(state.operations).slice(0, -keptOperations)) delete state.operations[old];
    save();
    return name;
  }

  const etag = (id: string) => `"${Buffer.from(`${id}/${settle(id).version}`).toString('base64url')}"`;

  return {
    services: context.services,
    etag,

    read(id) {
      serviceOf(id);
      return settle(id);
    },

    update(id, wire, options) {
      const service = settle(serviceOf(id).id);
      if (options.etag && options.etag !== etag(id)) {
        throw new StatusError(
          grpc.status.ABORTED,
          `Conflict for resource '${id}': version '${options.etag}' was specified but current version is '${etag(id)}'.`,
        );
      }
      const names = new Set(service.revisions.map(({ name }) => name));
      const traffic: Target[] = readTraffic(wire, names, serviceOf(id).target.service);
      if (options.validateOnly) {
        const name = operationName(serviceOf(id));
        state.operations[name] = { service: id, done: true, error: null };
        return name;
      }
      return begin(id, (changed) => {
        changed.traffic = traffic;
      });
    },

    operation(name) {
      const found = state.operations[name];
      if (!found) throw new StatusError(grpc.status.NOT_FOUND, `Operation '${name}' does not exist.`);
      settle(found.service);
      return found;
    },

    deploy(id, revision) {
      begin(id, (service) => void service.revisions.push({ ...revision, ready: true }));
    },

    trafficOf(id): TrafficShare[] {
      const shares = new Map<string, number>();
      for (const { target, revision } of settle(id).inForce) {
        if (target.percent > 0) shares.set(revision, (shares.get(revision) ?? 0) + target.percent / 100);
      }
      return [...shares].map(([revision, share]) => ({ revision, share }));
    },

    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    setStuck: (id, on) => void (on ? stuck.add(id) : stuck.delete(id)),

    setReady(id, name, ready) {
      const found = settle(id).revisions.find((revision) => revision.name === name);
      if (found) found.ready = ready;
      save();
    },

    close: () => clearInterval(timer),
  };
}

function operationName({ target }: LiveService): string {
  return `projects/${target.project}/locations/${target.region}/operations/${randomUUID()}`;
}
