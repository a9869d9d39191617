import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';
import type { ClientOptions } from 'google-gax';

/**
 * Options for every Google Cloud client. With `endpoint` (`host:port` of the simulator's gRPC) the connection
 * is plain and carries no credentials; without it the client uses Google's own endpoint and application default credentials.
 */
export function googleOptions(endpoint: string | null | undefined): ClientOptions {
  if (!endpoint) return {};
  const [host, port] = endpoint.split(':');
  return {
    // `host:port` in one string fails, and without an auth client the first call waits 3 s for the metadata server.
    apiEndpoint: host,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    authClient: new PassThroughClient(),
  };
}
