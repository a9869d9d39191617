import grpc from '@grpc/grpc-js';
import type { GoogleServer } from '../server.ts';
import { loadProtos, StatusError } from '../service.ts';
import { checkPolicy } from './alert-policy-rules.ts';
import { openPolicyStore, type PolicyStore, type StoredPolicy } from './alert-policy-store.ts';
import { applyMask } from './field-mask.ts';
import { invalid, projectOf } from './validate.ts';

/** Hands of a person at Google's own console, which no request of ours goes through. */
export interface PolicyHands {
  /** Edits a policy as that person; throws when there is none of that name. */
  edit(name: string, by: string, edit: (policy: StoredPolicy) => void): void;
  /** Every policy there is. */
  all(): StoredPolicy[];
}

/** What the service is made of. `now` gives data ms; `file` null keeps the policies in memory. */
export interface PolicyWorld {
  now(): number;
  file: string | null;
  hasProject(project: string): boolean;
}

const caller = 'firebreak@simulator.iam.gserviceaccount.com';

/** Registers Cloud Monitoring's AlertPolicyService: policies are kept and checked, and never evaluated. */
export function registerAlertPolicies(server: GoogleServer, world: PolicyWorld): PolicyHands {
  const store = openPolicyStore(world.file);
  const { policies } = store;
  const found = (name: string): StoredPolicy => {
    const policy = policies.get(name);
    if (!policy) throw new StatusError(grpc.status.NOT_FOUND, `Could not find alert policy ${name}.`);
    return policy;
  };
  const put = (policy: StoredPolicy, by: string): StoredPolicy => {
    const record = {
      mutateTime: { seconds: Math.floor(world.now() / 1000), nanos: (world.now() % 1000) * 1e6 },
      mutatedBy: by,
    };
    const stored = { ...policy, creationRecord: policy.creationRecord ?? record, mutationRecord: record };
    policies.set(policy.name, stored);
    store.save();
    return stored;
  };

  server.add({
    root: loadProtos('@google-cloud/monitoring'),
    name: 'google.monitoring.v3.AlertPolicyService',
    system: 'monitoring',
    unary: {
      ListAlertPolicies: (request) => list(store, world, request),
      GetAlertPolicy: ({ name }) => found(String(name)),
      CreateAlertPolicy({ name, alertPolicy }) {
        const parent = requireProject(String(name), world);
        const given = alertPolicy as StoredPolicy | null;
        if (!given) throw invalid('alert_policy', '', 'must be set.');
        checkPolicy(given);
        const made = { ...given, name: `${parent}/alertPolicies/${store.nextId()}`, creationRecord: null };
        return put(withConditionNames(made, store, new Set()), caller);
      },
      UpdateAlertPolicy({ alertPolicy, updateMask }) {
        const given = alertPolicy as StoredPolicy | null;
        if (!given) throw invalid('alert_policy', '', 'must be set.');
        const before = found(given.name);
        const { paths } = (updateMask as { paths: string[] } | null) ?? { paths: [] };
        const after = applyMask(before, given, paths);
        checkPolicy(after);
        const known = new Set(before.conditions.map(({ name }) => name));
        const kept = { ...after, name: before.name, creationRecord: before.creationRecord };
        return put(withConditionNames(kept, store, known), caller);
      },
      DeleteAlertPolicy({ name }) {
        policies.delete(found(String(name)).name);
        store.save();
        return {};
      },
    },
  });

  return {
    edit(name, by, edit) {
      const policy = structuredClone(found(name));
      edit(policy);
      put(policy, by);
    },
    all: () => [...policies.values()],
  };
}

function requireProject(name: string, world: PolicyWorld): string {
  const project = projectOf(name);
  if (!world.hasProject(project)) throw new StatusError(grpc.status.NOT_FOUND, `Project ${project} was not found.`);
  return name;
}

function list({ policies }: PolicyStore, world: PolicyWorld, request: Record<string, unknown>): object {
  const parent = requireProject(String(request.name), world);
  if (request.filter || request.orderBy)
    throw new StatusError(grpc.status.UNIMPLEMENTED, 'Filtering and ordering policies is not simulated.');
  const all = [...policies.values()].filter(({ name }) => name.startsWith(`${parent}/`));
  const size = Math.min(Number(request.pageSize) || 100, 1000);
  const token = String(request.pageToken);
  const from = token === '' ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(from)) throw invalid('page_token', token, 'is not a token of this list.');
  const next = from + size < all.length ? Buffer.from(String(from + size)).toString('base64url') : '';
  return { alertPolicies: all.slice(from, from + size), nextPageToken: next, totalSize: all.length };
}

/** A condition keeps the name that it had; any other gets a new one. */
function withConditionNames(policy: StoredPolicy, store: PolicyStore, known: ReadonlySet<string>): StoredPolicy {
  const conditions = policy.conditions.map((condition) => ({
    ...condition,
    name: known.has(condition.name) ? condition.name : `${policy.name}/conditions/${store.nextId()}`,
  }));
  return { ...policy, conditions };
}
