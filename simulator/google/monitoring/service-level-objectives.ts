import grpc from '@grpc/grpc-js';
import type { GoogleServer } from '../server.ts';
import { loadProtos, StatusError } from '../service.ts';
import type { PolicyWorld } from './alert-policies.ts';
import { invalid, projectOf, type Timestamp } from './validate.ts';

interface WireObjective {
  name: string;
  goal: number;
  rollingPeriod?: Timestamp | null;
}

const sloParent = /^(projects\/[^/]+)\/services\/[a-z0-9-]+$/;

/** Registers Cloud Monitoring's ServiceMonitoringService: services and SLOs are kept in memory and checked, never evaluated. */
export function registerServiceLevelObjectives(server: GoogleServer, world: Pick<PolicyWorld, 'hasProject'>): void {
  const services = new Map<string, object>();
  const objectives = new Map<string, WireObjective>();
  const requireProject = (parent: string) => {
    const project = projectOf(parent);
    if (!world.hasProject(project)) throw new StatusError(grpc.status.NOT_FOUND, `Project ${project} was not found.`);
  };
  const found = <T>(kept: Map<string, T>, name: string): T => {
    const one = kept.get(name);
    if (!one) throw new StatusError(grpc.status.NOT_FOUND, `Could not find ${name}.`);
    return one;
  };
  const put = <T extends object>(kept: Map<string, T>, name: string, resource: T): T => {
    if (kept.has(name)) throw new StatusError(grpc.status.ALREADY_EXISTS, `${name} already exists.`);
    kept.set(name, { ...resource, name });
    return kept.get(name)!;
  };

  server.add({
    root: loadProtos('@google-cloud/monitoring'),
    name: 'google.monitoring.v3.ServiceMonitoringService',
    system: 'monitoring',
    unary: {
      CreateService({ parent, serviceId, service }) {
        requireProject(String(parent));
        if (!/^[a-z0-9-]+$/.test(String(serviceId)))
          throw invalid('service_id', String(serviceId), 'must match [a-z0-9-]+.');
        return put(services, `${parent}/services/${serviceId}`, service as object);
      },
      GetService: ({ name }) => found(services, String(name)),
      CreateServiceLevelObjective({ parent, serviceLevelObjectiveId: id, serviceLevelObjective }) {
        requireProject(sloParent.exec(String(parent))?.[1] ?? String(parent));
        found(services, String(parent));
        const objective = serviceLevelObjective as WireObjective;
        if (!/^[a-zA-Z0-9_:.-]+$/.test(String(id)))
          throw invalid('service_level_objective_id', String(id), 'must be an id.');
        if (!(objective.goal > 0 && objective.goal <= 0.9999))
          throw invalid('service_level_objective.goal', String(objective.goal), 'must be over 0 and at most 0.9999.');
        const days = (objective.rollingPeriod?.seconds ?? 86_400) / 86_400;
        if (!Number.isInteger(days) || days < 1 || days > 30)
          throw invalid('service_level_objective.rolling_period', `${days} days`, 'must be whole days, at most 30.');
        return put(objectives, `${parent}/serviceLevelObjectives/${id}`, objective);
      },
      GetServiceLevelObjective: ({ name }) => found(objectives, String(name)),
    },
  });
}
