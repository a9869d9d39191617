import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import grpc from '@grpc/grpc-js';
import { protobuf } from 'google-gax';
import type { Faults, SystemName } from '../world/seams.ts';

const require = createRequire(import.meta.url);

/** The message and service types that an installed client package was generated from, e.g. `@google-cloud/monitoring`. */
export function loadProtos(packageName: string): protobuf.Root {
  const main = require.resolve(packageName);
  const folder = main.slice(0, main.lastIndexOf('/build/') + '/build/'.length);
  return protobuf.Root.fromJSON(JSON.parse(readFileSync(`${folder}protos/protos.json`, 'utf8')));
}

/** An error as Google's APIs give them; thrown by a handler, it ends the call with that code and text. */
export class StatusError extends Error {
  readonly code: grpc.status;
  constructor(code: grpc.status, message: string) {
    super(message);
    this.code = code;
  }
}

/** Answers one unary call. The request has camelCase fields, numbers for int64, names for enums; the answer likewise, or ready bytes. */
export type UnaryHandler = (request: Record<string, unknown>, call: grpc.ServerUnaryCall<unknown, unknown>) => unknown;

/** Serves a call whose answer, and perhaps request, is a stream; requests arrive as with `UnaryHandler`. */
export type DuplexHandler = (call: grpc.ServerDuplexStream<Record<string, unknown>, unknown>) => void;

/** What one Google service needs: where its types are, its full name, and the methods it answers. The others answer UNIMPLEMENTED. */
export interface GoogleService {
  root: protobuf.Root;
  /** e.g. `google.monitoring.v3.MetricService`. */
  name: string;
  system: SystemName;
  unary?: Record<string, UnaryHandler>;
  duplex?: Record<string, DuplexHandler>;
}

const garbage = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0x07, 0x63]);

/** Registers a service on the one gRPC server of the simulator; `reset` drops the connection that a call came by. */
export function serveGoogle(
  server: grpc.Server,
  service: GoogleService,
  faults: Faults,
  reset: (peer: string) => void,
): void {
  const type = service.root.lookupService(service.name);
  type.resolveAll();
  const definition: Record<string, grpc.MethodDefinition<unknown, unknown>> = {};
  const implementation: grpc.UntypedServiceImplementation = {};
  for (const method of type.methodsArray) {
    definition[method.name] = describe(service.name, method);
    const unary = service.unary?.[method.name];
    const duplex = service.duplex?.[method.name];
    if (unary) implementation[method.name] = guardUnary(unary, service.system, faults, reset);
    else if (duplex) implementation[method.name] = guardDuplex(duplex, service.system, faults, reset);
  }
  server.addService(definition, implementation);
}

function describe(service: string, method: protobuf.Method): grpc.MethodDefinition<unknown, unknown> {
  const request = method.resolvedRequestType!;
  const response = method.resolvedResponseType!;
  return {
    path: `/${service}/${method.name}`,
    requestStream: method.requestStream === true,
    responseStream: method.responseStream === true,
    requestSerialize: (value) => Buffer.from(request.encode(request.fromObject(value as object)).finish()),
    requestDeserialize: (bytes) =>
      request.toObject(request.decode(bytes), { longs: Number, enums: String, defaults: true, arrays: true }),
    responseSerialize: (value) =>
      Buffer.isBuffer(value) ? value : Buffer.from(response.encode(response.fromObject(value as object)).finish()),
    responseDeserialize: (bytes) => response.decode(bytes),
  };
}

/** The error a fault gives, or null for faults that are not an error status. */
function faultStatus(kind: string): Partial<grpc.StatusObject> | null {
  if (kind === '429')
    return { code: grpc.status.RESOURCE_EXHAUSTED, details: "Quota exceeded for quota metric 'Requests' per minute." };
  if (kind === '500') return { code: grpc.status.UNAVAILABLE, details: 'The service is currently unavailable.' };
  return null;
}

function asStatus(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof StatusError) return { code: error.code, details: error.message };
  return { code: grpc.status.INTERNAL, details: error instanceof Error ? error.message : String(error) };
}

function guardUnary(
  handler: UnaryHandler,
  system: SystemName,
  faults: Faults,
  reset: (peer: string) => void,
): grpc.handleUnaryCall<Record<string, unknown>, unknown> {
  return async (call, callback) => {
    const fault = faults.check(system);
    const status = faultStatus(fault);
    if (status) return callback(status);
    if (fault === 'stall') return;
    if (fault === 'garbage') return callback(null, garbage);
    if (fault === 'reset') return reset(call.getPeer());
    try {
      callback(null, await handler(call.request, call));
    } catch (error) {
      callback(asStatus(error));
    }
  };
}

function guardDuplex(
  handler: DuplexHandler,
  system: SystemName,
  faults: Faults,
  reset: (peer: string) => void,
): grpc.handleBidiStreamingCall<Record<string, unknown>, unknown> {
  return (call) => {
    const fault = faults.check(system);
    const status = faultStatus(fault);
    if (status) return void call.emit('error', status);
    if (fault === 'stall') return;
    if (fault === 'garbage') return void call.write(garbage);
    if (fault === 'reset') return reset(call.getPeer());
    try {
      handler(call);
    } catch (error) {
      call.emit('error', asStatus(error));
    }
  };
}
