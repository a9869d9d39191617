import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import type { PagerDutyRead } from '#app/clients/pagerduty/port.ts';
import { createPagerDutyRead } from '#app/clients/pagerduty/read.server.ts';
import { createPagerDutyWrite } from '#app/clients/pagerduty/write.server.ts';
import { createDoors } from '#app/context-doors.server.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Service } from '#app/domain/service/service.ts';
import type { PagingMode, Tier } from '#app/domain/slo/slo.ts';
import {
  type DeliverDeps,
  deliverKind,
  deliverTasks,
  deliveryKinds,
} from '#app/engine/deliver/deliver-outbox.server.ts';
import { applyAlertTransitions } from '#app/engine/incidents/apply-alerts.server.ts';
import type { IncidentDeps } from '#app/engine/incidents/deps.ts';
import type { AlertVerdict } from '#app/engine/incidents/verdict.ts';
import type { RequestContext } from '#app/load-context.ts';
import { openDb } from '#app/platform/db.server.ts';
import { action } from '#app/routes/webhooks.pagerduty.ts';
import { createIncidentStore } from '#app/stores/incident/incidents.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { createWebhookStore } from '#app/stores/webhooks.server.ts';
import type { WebhookManners } from '#simulator/pagerduty/webhooks.ts';
import { calm, routingKey, secret, startPagerDuty } from '#test/simulator/pagerduty/start.ts';
import { createTestDatabase } from '#test/support/database.ts';

const service = (id: string, pagerDutyService: string | null, dependsOn: string[] = []): Service => ({
  id,
  title: id,
  description: '',
  owner: 'media-platform',
  kind: 'cloud-run',
  cloudRun: null,
  pagerDutyService,
  dependsOn,
  runbook: null,
});

/** Incidents on a real database against the simulated PagerDuty, whose webhooks come in through the real route. */
export async function startHarness(
  options: { manners?: WebhookManners; mode?: IncidentDeps['mode']; tickets?: string } = {},
) {
  const database = await createTestDatabase();
  const { db, pool, close } = openDb(database.url, { onError: () => undefined });
  const log = pino({ level: 'silent' });
  const notify = async () => undefined;
  const catalog = {
    services: [
      service('voiceover', 'PVOICE1', ['speech-provider']),
      service('studio-api', 'PSTUDIO', ['voiceover']),
      service('speech-provider', null),
    ],
    slos: [],
  } as unknown as Catalog;

  const answers: number[] = [];
  const door = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const headers = new Headers(req.headers as Record<string, string>);
    const request = new Request('http://console/webhooks/pagerduty', {
      method: 'POST',
      headers,
      body: Buffer.concat(chunks),
    });
    const response = (await action({ request, context, params: {} } as never)) as Response;
    answers.push(response.status);
    res.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
  });
  await new Promise<void>((done) => door.listen(0, '127.0.0.1', done));
  const webhookUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}/webhooks/pagerduty`;
  const pagerDuty = await startPagerDuty({
    webhook: { url: webhookUrl, secret, formerSecret: 'a-secret-that-was-retired' },
    manners: options.manners ?? calm,
  });
  const { clock } = pagerDuty;
  const webhooks = createWebhookStore(db, clock, notify);
  const context = {
    stores: { webhooks },
    log,
    address: '192.0.2.7',
    doors: createDoors(pool, ['the-next-secret', secret]),
  } as unknown as RequestContext;

  const read: PagerDutyRead = createPagerDutyRead(pagerDuty.address);
  const deps = {
    db,
    clock,
    notify,
    log,
    mode: options.mode ?? ('act' as const),
    tickets: options.tickets ?? null,
    catalog: async () => catalog,
    incidentUrl: (id: string) => `http://console/incidents/${id}`,
    pagerDuty: read,
    observations: createObservationStore(db),
    webhooks,
  };
  const rest = { ...read, ...createPagerDutyWrite(pagerDuty.address) };
  const doors: DeliverDeps = {
    ...deps,
    pagerDuty: rest,
    from: 'firebreak@studio.example',
    routingKey,
    ticketRoutingKey: routingKey,
    endpoints: { send: async () => ({ status: 200, body: '', ms: 1 }) },
  };
  return {
    db,
    pool,
    clock,
    deps,
    pagerDuty,
    webhookUrl,
    /** Its REST API and its events. */
    rest,
    /** Statuses that the webhook route answered. */
    answers,
    incidents: createIncidentStore(db, clock, notify),
    verdict: (
      id: string,
      tier: Tier | null,
      change: Partial<AlertVerdict> & { paging?: PagingMode } = {},
    ): AlertVerdict => {
      const { paging = 'firebreak', ...rest } = change;
      const serviceId = id.replace(/-(availability|latency)$/, '');
      return {
        slo: { id, title: id, service: serviceId, paging, runbook: null },
        at: clock.now(),
        tier,
        startedAt: clock.now() - 60_000,
        summary: `${id} burns`,
        details: { burn: 25 },
        ...rest,
      };
    },
    apply: (...verdicts: AlertVerdict[]) => db.transaction().execute((tx) => applyAlertTransitions(deps, tx, verdicts)),
    /** A round of each kind, one after the other; how many were taken. */
    deliver: async (change: Partial<DeliverDeps> = {}) => {
      let taken = 0;
      for (const kind of deliveryKinds) taken += await deliverKind({ ...doors, ...change }, kind);
      return taken;
    },
    /** The same as the engine runs them. */
    deliverTasks: (change: Partial<DeliverDeps>) => deliverTasks({ ...doors, ...change }),
    async stop() {
      await pagerDuty.stop();
      door.closeAllConnections();
      await new Promise((done) => door.close(done));
      await close();
      await database.drop();
    },
  };
}

export type Harness = Awaited<ReturnType<typeof startHarness>>;
