import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { faultySystems } from '#app/domain/rehearsal/faults.ts';
import { drillNames } from '../world/drills.ts';
import { type Faults, faultKinds } from '../world/seams.ts';

const time = z.number().int().positive();
const share = z.number().min(0).max(1);
const drill = z.object({ name: z.enum(drillNames), at: time.optional() });
const fault = z.object({
  system: z.enum(faultySystems),
  kind: z.enum(faultKinds),
  share: z.number().min(0).max(1).optional(),
});
const traffic = z.object({ service: z.string(), ratio: z.number().min(0).max(100) });
const flag = z.object({
  flag: z.string(),
  by: z.email(),
  rollout: z.number().int().min(0).max(100).optional(),
  enabled: z.boolean().optional(),
});
const deploy = z.object({
  service: z.string(),
  author: z.string().optional(),
  message: z.string().optional(),
  rollback: z.enum(['safe', 'unsafe']).nullable().optional(),
  failShare: share.optional(),
  slowShare: share.optional(),
});
const harm = z.object({
  service: z.string(),
  /** Only requests for which this flag answers so. */
  flag: z.object({ name: z.string(), enabled: z.boolean() }).nullable().default(null),
  /** Requests for which this flag answers on are spared. */
  sparedBy: z.string().nullable().default(null),
  failShare: share,
  slowShare: share,
  /** What it calls that fails; its own health address says so, too. */
  dependency: z.string().nullable().default(null),
});
const queue = z.object({ queue: z.string(), stuck: z.boolean() });
const incident = z.object({ title: z.string().min(1), service: z.string().optional() });
const blackout = z.object({ on: z.boolean() });
const cloudRun = z.object({
  service: z.string(),
  stuck: z.boolean().optional(),
  revision: z.string().optional(),
  ready: z.boolean().optional(),
});
const github = z.object({
  /** How workflows started from now on end. */
  conclusion: z.enum(['success', 'failure']).optional(),
  /** Requests left before the rate limit is used up; null for no limit. */
  remaining: z.number().int().min(0).nullable().optional(),
});

/** What can be asked of the world from outside. Times are data ms. */
export interface WorldControl {
  startDrill(body: z.infer<typeof drill>): Promise<void>;
  setTraffic(body: z.infer<typeof traffic>): void;
  turnFlag(body: z.infer<typeof flag>): Promise<void>;
  deploy(body: z.infer<typeof deploy>): { revision: string };
  setBlackout(body: z.infer<typeof blackout>): void;
  harm(body: z.infer<typeof harm>): void;
  setQueue(body: z.infer<typeof queue>): void;
  /** No request fails or is slow any more because of something that was broken. */
  harmless(): void;
  /** Nothing is wrong any more: harms, missing traffic, blackouts and stuck queues end; traffic and flags are as they were at first. */
  calm(): Promise<void>;
  /** True while a harm names this dependency as what fails. */
  fails(dependency: string): boolean;
  state(): unknown;
}

/** What can be done to Cloud Run's inside: rollouts that do not end, revisions that cannot serve. */
export type SetCloudRun = (body: z.infer<typeof cloudRun>) => void;

/** A person opens an incident in PagerDuty by hand; on the service that no catalog knows unless one is named. Answers with the link that leads into the console. */
export type OpenIncident = (body: z.infer<typeof incident>) => { id: string; url: string };

/** What can be done to GitHub. */
export type SetGitHub = (body: z.infer<typeof github>) => void;

/** Serves `/sim/*` as JSON. `handle` returns false for any other path. */
export function createControl(
  world: WorldControl,
  faults: Faults,
  setCloudRun: SetCloudRun,
  openIncident: OpenIncident,
  setGitHub: SetGitHub,
) {
  const posts: Record<string, (body: unknown) => unknown> = {
    '/sim/drill': (body) => world.startDrill(drill.parse(body)),
    '/sim/fault': (body) => {
      const { system, kind, share } = fault.parse(body);
      faults.set(system, kind, share);
    },
    '/sim/traffic': (body) => world.setTraffic(traffic.parse(body)),
    '/sim/flag': (body) => world.turnFlag(flag.parse(body)),
    '/sim/deploy': (body) => world.deploy(deploy.parse(body)),
    '/sim/cloud-run': (body) => setCloudRun(cloudRun.parse(body)),
    '/sim/github': (body) => setGitHub(github.parse(body)),
    '/sim/incident': (body) => openIncident(incident.parse(body)),
    '/sim/blackout': (body) => world.setBlackout(blackout.parse(body)),
    '/sim/harm': (body) => world.harm(harm.parse(body)),
    '/sim/queue': (body) => world.setQueue(queue.parse(body)),
    '/sim/harmless': () => world.harmless(),
    '/sim/calm': () => world.calm(),
  };
  return {
    handle(request: IncomingMessage, response: ServerResponse): boolean {
      const path = new URL(request.url ?? '/', 'http://sim').pathname;
      if (!path.startsWith('/sim/')) return false;
      const post = posts[path];
      if (request.method === 'GET' && path === '/sim/state') answer(response, 200, world.state());
      else if (request.method === 'POST' && post) {
        readJson(request)
          .then(post)
          .then((result) => answer(response, 200, result ?? { ok: true }))
          .catch((error) => answer(response, 400, { error: error instanceof Error ? error.message : String(error) }));
      } else answer(response, 404, { error: `No ${request.method} ${path}` });
      return true;
    },
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text || '{}');
}
