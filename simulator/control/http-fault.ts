import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultKind } from '../world/seams.ts';

/** Answers an HTTP request as the fault says; false with `none`, and then the caller answers. */
export function applyHttpFault(kind: FaultKind, request: IncomingMessage, response: ServerResponse): boolean {
  if (kind === 'none') return false;
  if (kind === '429') {
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '2' });
    response.end('{"error":{"message":"Rate limit exceeded"}}');
  } else if (kind === '500') {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end('{"error":{"message":"Internal error"}}');
  } else if (kind === 'garbage') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('<html>upst{"');
  } else if (kind === 'reset') {
    request.socket.resetAndDestroy();
  }
  // A stall reads the request and never answers.
  request.resume();
  return true;
}
