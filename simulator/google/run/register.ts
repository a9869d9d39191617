import grpc from '@grpc/grpc-js';
import { cloudRunName } from '#app/domain/service/service.ts';
import type { LiveService, SimContext } from '../../world/seams.ts';
import type { GoogleServer } from '../server.ts';
import { loadProtos, StatusError, type UnaryHandler } from '../service.ts';
import { createCloudRun, type SimulatedCloudRun } from './cloud-run.ts';
import { revisionMessage, serviceMessage } from './messages.ts';

/** Opens Cloud Run's door: Services, Revisions and the Operations that follow an update. Returns what the world steers it by. */
export function registerCloudRun(context: SimContext, google: GoogleServer): SimulatedCloudRun {
  const root = loadProtos('@google-cloud/run');
  const run = createCloudRun(context);
  const serviceType = root.lookupType('google.cloud.run.v2.Service');
  const message = (service: LiveService) =>
    serviceMessage(context.seed, service, run.read(service.id), run.etag(service.id));
  const packed = (service: LiveService) => ({
    type_url: 'type.googleapis.com/google.cloud.run.v2.Service',
    value: serviceType.encode(serviceType.fromObject(message(service))).finish(),
  });
  const operationMessage = (name: string) => {
    const { service: id, done, error } = run.operation(name);
    const service = context.services.find((one) => one.id === id)!;
    return {
      name,
      done,
      metadata: packed(service),
      ...(error ? { error } : done ? { response: packed(service) } : {}),
    };
  };

  const find = (name: unknown): LiveService => {
    const found = context.services.find((service) => cloudRunName(service.target) === name);
    if (!found) throw new StatusError(grpc.status.NOT_FOUND, `Resource '${String(name)}' does not exist.`);
    return found;
  };
  const revisionOf = (name: string) => {
    const [parent, last] = name.split('/revisions/');
    const service = find(parent);
    const state = run.read(service.id);
    const revision = state.revisions.find((one) => one.name === last);
    if (!revision) throw new StatusError(grpc.status.NOT_FOUND, `Resource '${name}' does not exist.`);
    return revisionMessage(context.seed, service, state, revision);
  };

  const updateService: UnaryHandler = (request) => {
    const service = request.service as { name: string; etag?: string; traffic?: object[] };
    const paths = (request.updateMask as { paths?: string[] } | null)?.paths ?? [];
    if (paths.length !== 1 || paths[0] !== 'traffic') {
      throw new StatusError(
        grpc.status.INVALID_ARGUMENT,
        `Only traffic can be updated here, not '${paths.join(', ')}'.`,
      );
    }
    const name = run.update(find(service.name).id, service.traffic ?? [], {
      etag: service.etag ?? '',
      validateOnly: request.validateOnly === true,
    });
    return operationMessage(name);
  };

  google.add({
    root,
    name: 'google.cloud.run.v2.Services',
    system: 'cloud-run',
    unary: {
      GetService: (request) => message(find(request.name)),
      ListServices: (request) => ({
        services: context.services
          .filter((service) => cloudRunName(service.target).startsWith(`${String(request.parent)}/services/`))
          .map(message),
      }),
      UpdateService: updateService,
    },
  });
  google.add({
    root,
    name: 'google.cloud.run.v2.Revisions',
    system: 'cloud-run',
    unary: {
      GetRevision: (request) => revisionOf(String(request.name)),
      ListRevisions(request) {
        const service = find(request.parent);
        const state = run.read(service.id);
        // Newest first, as the API lists them.
        const all = [...state.revisions].reverse();
        const from = Number(request.pageToken || 0);
        const size = Number(request.pageSize) || 100;
        return {
          revisions: all.slice(from, from + size).map((one) => revisionMessage(context.seed, service, state, one)),
          nextPageToken: from + size < all.length ? String(from + size) : '',
        };
      },
    },
  });
  google.add({
    root,
    name: 'google.longrunning.Operations',
    system: 'cloud-run',
    unary: { GetOperation: (request) => operationMessage(String(request.name)) },
  });
  return run;
}
