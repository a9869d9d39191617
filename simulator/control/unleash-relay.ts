import { createServer, type Server, request as send } from 'node:http';
import type { Faults } from '../world/seams.ts';
import { applyHttpFault } from './http-fault.ts';

/** A plain relay in front of Unleash where the fault `unleash` strikes: consoles are pointed here, the simulated services are not. */
export function createUnleashRelay(target: string, faults: Faults): Server {
  const to = new URL(target);
  return createServer((request, response) => {
    if (applyHttpFault(faults.check('unleash'), request, response)) return;
    const upstream = send(
      {
        host: to.hostname,
        port: to.port,
        method: request.method,
        path: request.url,
        headers: { ...request.headers, host: to.host },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    upstream.on('error', (error) => {
      if (response.headersSent) return response.destroy();
      response.writeHead(502, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: `Unleash cannot be reached: ${error.message}` }));
    });
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  });
}
