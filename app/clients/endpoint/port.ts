import type { Endpoint } from '../../domain/endpoint/endpoint.ts';

/** What an endpoint answered. */
export interface EndpointAnswer {
  status: number;
  /** At most 1 MB, as UTF-8. */
  body: string;
  /** Wall ms from the request to the end of the answer. */
  ms: number;
}

/** Where calls may go: the hosts that the catalog lists. */
export interface EndpointScope {
  hosts: readonly string[];
}

/** Why an endpoint cannot be called as declared, one sentence; null when it can. Asks nobody. */
export type RefuseEndpoint = (endpoint: Endpoint, scope: EndpointScope) => string | null;

/** Asks declared endpoints by GET. Throws OutsideError when nothing answers. */
export interface EndpointsRead {
  refusal: RefuseEndpoint;
  get(endpoint: Endpoint, scope: EndpointScope, signal: AbortSignal): Promise<EndpointAnswer>;
}

/** Sends to declared endpoints, one attempt each. `key` goes out as `Idempotency-Key`. Throws OutsideError when it is not known to be taken. */
export interface EndpointsWrite {
  refusal: RefuseEndpoint;
  send(
    endpoint: Endpoint,
    scope: EndpointScope,
    message: { key: string; body: unknown },
    signal: AbortSignal,
  ): Promise<EndpointAnswer>;
}
