import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultKind, Faults, SimClock } from '../world/seams.ts';
import { type Account, createDesk, type Desk } from './desk.ts';
import { answerEvents } from './events-api.ts';
import { type Answer, readCall, restError, writeAnswer } from './http.ts';
import { incidentPage } from './page.ts';
import { createRender } from './render.ts';
import { answerRest } from './rest-api.ts';
import { createSnapshot } from './snapshot.ts';
import { createWebhooks, usualManners, type WebhookManners, type WebhookTarget } from './webhooks.ts';

export interface PagerDutyOptions extends Account {
  clock: SimClock;
  /** Numbers in [0, 1), seeded. */
  random: () => number;
  /** REST API token. */
  token: string;
  /** Integration key of the event orchestration; events go to the service that their details or source name. */
  routingKey: string;
  webhook: WebhookTarget;
  manners?: WebhookManners;
  /** Data ms until an incident that nobody acknowledged goes to the next level; 10 min unless told. */
  escalateAfter?: number;
  faults: Faults;
  dataDir: string;
  /** Own address, for the links in answers; a function where the port is known late. */
  publicUrl: string | (() => string);
}

export interface SimPagerDuty {
  /** Answers a request that is PagerDuty's; false leaves it to others. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** Escalates and sends the webhooks that are due. Call it a few times a second. */
  tick(): Promise<void>;
  /** What people and tools do in PagerDuty, for drills. */
  desk: Desk;
  close(): void;
}

/** A PagerDuty account in miniature: REST v2, Events v2, v3 webhooks and the page of an incident, on the simulator's clock. */
export function createPagerDuty(options: PagerDutyOptions): SimPagerDuty {
  const { clock, random, faults, services, users, onCall } = options;
  const account: Account = { services, users, onCall };
  const { publicUrl } = options;
  const render = createRender(account, typeof publicUrl === 'string' ? () => publicUrl : publicUrl);
  const snapshot = createSnapshot(options.dataDir);
  const { state, touch } = snapshot;
  const manners = options.manners ?? usualManners;
  const webhooks = createWebhooks({ clock, random, state, target: options.webhook, manners, touch });
  const desk = createDesk({
    clock,
    random,
    state,
    account,
    escalateAfter: options.escalateAfter ?? 10 * 60_000,
    touch,
    tell(kind, incident, agent, note) {
      state.counter += 1;
      const id = `E${state.counter}-${Math.floor(random() * 1e9).toString(36)}`.toUpperCase();
      webhooks.enqueue(id, render.webhook(id, kind, clock.now(), agent, incident, note));
    },
  });

  return {
    desk,
    async handle(req, res) {
      const path = decodeURIComponent(new URL(req.url ?? '/', 'http://simulator').pathname);
      if (!/^\/(v2\/|incidents|log_entries|oncalls|services|users|change_events)/.test(path)) return false;
      const call = await readCall(req);
      const viewed = call.method === 'GET' ? /^\/incidents\/([^/]+)\/view$/.exec(path)?.[1] : undefined;
      if (viewed) {
        const incident = desk.find(viewed);
        writeAnswer(
          res,
          incident ? { status: 200, html: incidentPage(incident, account) } : { status: 404, html: 'No such incident' },
        );
        return true;
      }
      const fault = faults.check('pagerduty');
      if (fault !== 'none') {
        fail(fault, res);
        return true;
      }
      const answer: Answer =
        answerEvents(call, desk, options.routingKey, clock.now()) ??
        answerRest(call, { state, desk, account, render }, options.token) ??
        restError(404, 2100, 'Not Found');
      writeAnswer(res, answer);
      return true;
    },
    async tick() {
      desk.escalate();
      await webhooks.tick();
    },
    close: snapshot.close,
  };
}

/** The ways to fail, as HTTP shows them. A stalled request is never answered. */
function fail(kind: Exclude<FaultKind, 'none'>, res: ServerResponse): void {
  switch (kind) {
    case 'stall':
      break;
    case 'reset':
      res.destroy();
      break;
    case 'garbage':
      writeAnswer(res, { status: 200, html: '<html>upstream says hello</html>' });
      break;
    case '429':
      res.setHeader('retry-after', '2');
      writeAnswer(res, restError(429, 2020, 'Too Many Requests'));
      break;
    case '500':
      writeAnswer(res, restError(500, 2000, 'Internal Server Error'));
  }
}
