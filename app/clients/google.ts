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

/**
 * Makes a client ready, or throws why it cannot be (no credentials). A call on a client that cannot be made ready rejects
 * a second time where nobody can catch it, which ends the process: so this comes first.
 */
export async function ready<T extends { initialize(): Promise<unknown> }>(client: T): Promise<T> {
  await client.initialize();
  return client;
}

/** Closes a client; one that never became ready has nothing to close. */
export async function closed(client: { close(): Promise<void> }): Promise<void> {
  await client.close().catch(() => undefined);
}

/**
 * The answer of `call`, or the abort of `signal` if that comes first. The clients cannot be told to stop a call:
 * one that is given up ends unheard at its own deadline.
 */
export async function untilAborted<T>(call: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return call;
  let give: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    give = () => reject(signal.reason);
    signal.addEventListener('abort', give, { once: true });
  });
  call.catch(() => undefined);
  try {
    return await Promise.race([call, aborted]);
  } finally {
    signal.removeEventListener('abort', give);
  }
}
