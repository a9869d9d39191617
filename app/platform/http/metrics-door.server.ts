import type { RequestHandler } from 'express';
import type { Stores } from '../../stores/stores.ts';
import type { Metrics } from '../metrics.ts';
import type { Doors } from './doors.ts';

const scope = 'metrics:read';
const loopback = /^(?:::ffff:)?127\.|^::1$/;

/** `/metrics` for a scraper on this machine, or for one with a key of the scope `metrics:read`: it names every SLO. */
export function metricsDoor(parts: {
  metrics: Metrics;
  doors: Doors;
  stores: { apiKeys: Pick<Stores['apiKeys'], 'find'>; incidents: Pick<Stores['incidents'], 'open'> };
  streams: { size(): number };
}): RequestHandler {
  return (req, res, next) => {
    const answer = async () => {
      const peer = req.socket.remoteAddress ?? '';
      // A proxy on this machine speaks for somebody else.
      const here = loopback.test(peer) && !req.headers['x-forwarded-for'] && !req.headers.forwarded;
      const token = /^Bearer (fb_[\w-]{20,100})$/.exec(req.header('authorization') ?? '')?.[1];
      if (!here && !token) return void res.status(401).set('WWW-Authenticate', 'Bearer').end();
      if (!here) {
        const knock = await parts.doors.knock('api', `metrics/${req.ip ?? 'unknown'}`);
        if (!knock.allowed) return void res.status(429).set(knock.headers).end();
        const key = await parts.stores.apiKeys.find(token ?? '');
        if (!key?.scopes.includes(scope)) return void res.status(403).end();
      }
      const { registry, streams, incidents } = parts.metrics;
      streams.set(parts.streams.size());
      // Without the database the number is not known: no number, not the last one.
      incidents.set(
        await parts.stores.incidents.open().then(
          (open) => open.filter(({ level }) => level === 'page').length,
          () => Number.NaN,
        ),
      );
      res.type(registry.contentType).send(await registry.metrics());
    };
    answer().catch(next);
  };
}
