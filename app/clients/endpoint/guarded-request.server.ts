import { type LookupAddress, lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { OutsideError } from '../../platform/outside-error.ts';
import { addressKind, literalAddress } from './address-guard.ts';
import type { EndpointAnswer } from './port.ts';

/** Largest answer that is read, bytes. */
const largest = 1_000_000;

/** One request that is allowed already as far as its address tells. */
export interface GuardedRequest {
  /** As people call it, for errors. */
  title: string;
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | null;
  /** True for a host that the operator allows to be internal. */
  internal: boolean;
  signal: AbortSignal;
}

/**
 * One HTTP request to where its name leads *now*: every address it resolves to is judged as it is connected to, so that no
 * name can lead elsewhere in between. No redirect is followed, no connection is kept, at most 1 MB is read.
 */
export function guardedRequest(options: GuardedRequest): Promise<EndpointAnswer> {
  const { title, url, signal } = options;
  const literal = literalAddress(url);
  const refusal = literal === null ? null : refusedAddress(title, literal, options.internal);
  if (refusal) return Promise.reject(refusal);
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method: options.method,
      headers: options.headers,
      agent: false,
      lookup: guardedLookup(title, options.internal),
      signal,
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= largest) chunks.push(chunk);
        else response.destroy(new OutsideError(title, 'garbage', `${title} answered more than 1 MB`));
      });
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, body, ms: performance.now() - started });
      });
    });
    request.end(options.body ?? undefined);
  });
}

function guardedLookup(title: string, internal: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, []);
      // One forbidden address among several is enough: which of them is connected to is up to the network.
      for (const { address } of addresses) {
        const refusal = refusedAddress(title, address, internal);
        if (refusal) return callback(refusal as NodeJS.ErrnoException, []);
      }
      const first = addresses[0];
      if (options.all) callback(null, addresses);
      else if (first) callback(null, first.address, first.family);
      else callback(new OutsideError(title, 'network', `${title} has no address`) as NodeJS.ErrnoException, []);
    });
  };
}

function refusedAddress(title: string, address: string, internal: boolean): OutsideError | null {
  const kind = addressKind(address);
  if (kind === 'public' || (kind === 'internal' && internal)) return null;
  const where = kind === 'never' ? 'a link-local address' : 'a private address';
  const hint = kind === 'never' ? '' : ' Only OUTBOUND_INTERNAL can allow that.';
  return new OutsideError(title, 'refused', `${title} leads to ${where} (${address}) and is not called.${hint}`);
}
