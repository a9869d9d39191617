import { createServer, type Socket } from 'node:net';
import grpc from '@grpc/grpc-js';
import type { Faults } from '../world/seams.ts';
import { type GoogleService, serveGoogle } from './service.ts';

/** The one gRPC server of the simulated Google: all services share host and port, as the clients for operations expect. */
export interface GoogleServer {
  add(service: GoogleService): void;
  /** Listens on 127.0.0.1; 0 takes a free port. Returns the port. */
  listen(port: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * A gRPC server whose sockets are ours: connections are accepted here and handed over, so that the
 * `reset` fault can drop the very connection a call came by.
 */
export function createGoogleServer(faults: Faults): GoogleServer {
  const server = new grpc.Server({ 'grpc.max_send_message_length': -1, 'grpc.max_receive_message_length': -1 });
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const sockets = new Map<string, Socket>();
  const listener = createServer((socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    sockets.set(peer, socket);
    socket.on('close', () => sockets.delete(peer));
    socket.on('error', () => socket.destroy());
    injector.injectConnection(socket);
  });
  return {
    add: (service) => serveGoogle(server, service, faults, (peer) => sockets.get(peer)?.resetAndDestroy()),
    listen: (port) =>
      new Promise((resolve, reject) => {
        listener.once('error', reject);
        listener.listen(port, '127.0.0.1', () => {
          const address = listener.address();
          resolve(typeof address === 'object' && address ? address.port : port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets.values()) socket.destroy();
        injector.destroy();
        server.forceShutdown();
      }),
  };
}
