import { AlertPolicyServiceClient } from '@google-cloud/monitoring';
import type { LivePolicy } from '../../domain/alert-policy/live-policy.ts';
import type { PolicyChange } from '../../domain/alert-policy/plan.ts';
import { googleOptions, lazyClient } from '../google.ts';
import { fromWire, toWire } from './alert-policy-wire.server.ts';

/** Writes of Cloud Monitoring's alert policies. */
export interface AlertPolicyWrite {
  /** Sends the one request of a change, never twice; gives the policy as it now is, null when it is deleted. */
  send(change: PolicyChange): Promise<LivePolicy | null>;
  close(): Promise<void>;
}

/** Writes through the real client; `endpoint` null is the real Google. Errors are the client's own, with gRPC codes. */
export function createAlertPolicyWrite(options: { endpoint: string | null; timeoutMs: number }): AlertPolicyWrite {
  const policies = lazyClient(() => new AlertPolicyServiceClient(googleOptions(options.endpoint)));
  // A create that is repeated makes a second policy: what an unheard call did is found by the next plan.
  const call = { timeout: options.timeoutMs, retry: null };
  return {
    async send(change) {
      const client = await policies.ready();
      if (change.kind === 'delete') {
        await client.deleteAlertPolicy({ name: change.name }, call);
        return null;
      }
      if (change.kind === 'create') {
        const name = client.projectPath(change.project);
        const [made] = await client.createAlertPolicy({ name, alertPolicy: toWire(change.policy) }, call);
        return fromWire(made);
      }
      const alertPolicy = toWire({ ...change.policy, name: change.name });
      const [updated] = await client.updateAlertPolicy({ alertPolicy, updateMask: { paths: change.mask } }, call);
      return fromWire(updated);
    },
    close: () => policies.close(),
  };
}
