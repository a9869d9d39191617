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

/** What every client of Google's libraries can do. */
interface GoogleClient {
  initialize(): Promise<unknown>;
  close(): Promise<void>;
}

/** A client that is made when it is first needed. */
export interface LazyClient<C> {
  /** The client, ready to call; throws why it cannot be made ready (no credentials). */
  ready(): Promise<C>;
  close(): Promise<void>;
}

/**
 * A Google client for longer than one set of credentials. A call on a client that cannot be made ready rejects a second time
 * where nobody can catch it, which ends the process, and the client keeps that failure for ever: so each is made ready first,
 * and one that cannot be is thrown away for the next call to try anew.
 */
export function lazyClient<C extends GoogleClient>(make: () => C): LazyClient<C> {
  let current: Promise<C> | null = null;
  const begin = async () => {
    const client = make();
    try {
      await client.initialize();
      return client;
    } catch (error) {
      current = null;
      await client.close().catch(() => undefined);
      throw error;
    }
  };
  return {
    ready() {
      current ??= begin();
      return current;
    },
    async close() {
      const client = await current?.catch(() => null);
      await client?.close();
    },
  };
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
