import { AlertPolicyServiceClient } from '@google-cloud/monitoring';
import type { LivePolicy } from '../../domain/alert-policy/live-policy.ts';
import { googleOptions, lazyClient } from '../google.ts';
import { fromWire } from './alert-policy-wire.server.ts';

const pageSize = 500;

/** Reads of Cloud Monitoring's alert policies. Errors are the client's own, with gRPC codes. */
export interface AlertPolicyRead {
  /** Every policy of a project. */
  list(project: string): Promise<LivePolicy[]>;
  get(name: string): Promise<LivePolicy>;
  close(): Promise<void>;
}

/** Reads through the real client; `endpoint` null is the real Google. */
export function createAlertPolicyRead(options: { endpoint: string | null; timeoutMs: number }): AlertPolicyRead {
  const policies = lazyClient(() => new AlertPolicyServiceClient(googleOptions(options.endpoint)));
  const call = { timeout: options.timeoutMs, retry: null, autoPaginate: false };
  return {
    async list(project) {
      const client = await policies.ready();
      const found: LivePolicy[] = [];
      let pageToken = '';
      do {
        const request = { name: client.projectPath(project), pageSize, pageToken };
        const [page, , response] = await client.listAlertPolicies(request, call);
        found.push(...page.map(fromWire));
        pageToken = response?.nextPageToken ?? '';
      } while (pageToken);
      return found;
    },
    async get(name) {
      const [policy] = await (await policies.ready()).getAlertPolicy({ name }, call);
      return fromWire(policy);
    },
    close: () => policies.close(),
  };
}
