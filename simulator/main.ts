import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { systemClock } from '#app/platform/clock.ts';
import { fileClock } from '#app/platform/clock-file.ts';
import { createChat } from './chat/chat.ts';
import { createControl } from './control/control.ts';
import { frontPage } from './control/front-page.ts';
import { createUnleashRelay } from './control/unleash-relay.ts';
import { createFaults } from './faults.ts';
import { createGitHub } from './github/github.ts';
import { repositoriesOf } from './github-account.ts';
import type { SimulatedCloudRun } from './google/run/cloud-run.ts';
import { registerCloudRun } from './google/run/register.ts';
import { checkPath, createOutsideCheck } from './outside-check.ts';
import { createPagerDuty } from './pagerduty/pagerduty.ts';
import { accountOf, strangeService } from './pagerduty-account.ts';
import { createPrometheusHttp } from './prometheus/http.ts';
import { createPrometheus } from './prometheus/prometheus.ts';
import { createProviderHealth } from './provider-health.ts';
import { readSettings } from './settings.ts';
import { createSimulation } from './simulation.ts';
import { createStandIn } from './stand-in.ts';
import { type DrillName, drillNames } from './world/drills.ts';
import { sequence } from './world/random.ts';

/** The simulator process: the world of one catalog behind the doors of Google, PagerDuty and Unleash. Prints one line of JSON with its ports when up. */
const settings = readSettings(process.env);
const clock = settings.clockFile ? fileClock(settings.clockFile) : systemClock;
const faults = createFaults();
const log = (line: string) => process.stderr.write(`${new Date().toISOString()} ${line}\n`);

const catalog = await readCatalog(settings.catalog);
let run: SimulatedCloudRun;
const simulation = createSimulation({
  catalog,
  seed: settings.seed,
  clock,
  faults,
  dataFolder: settings.dataFolder,
  worldStart: settings.worldStart,
  sdkSpeed: settings.sdkSpeed,
  unleash: {
    url: settings.unleashUrl,
    adminToken: settings.unleashAdminToken,
    clientToken: settings.unleashClientToken,
  },
  cloudRun(context, google) {
    run = registerCloudRun(context, google);
    const latest = [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }];
    const pinned = (id: string) =>
      run.read(id).traffic.some(({ revision, percent }) => revision !== null && percent > 0);
    const toLatest = (id: string) => {
      if (pinned(id)) run.update(id, latest, { etag: run.etag(id), validateOnly: false });
    };
    return { ...run, pinned, toLatest };
  },
  log,
});

let httpPort = 0;
const pagerDuty = createPagerDuty({
  ...accountOf(catalog),
  clock,
  random: sequence(settings.seed, 'pagerduty'),
  token: settings.pagerDutyToken,
  routingKey: settings.routingKey,
  webhook: { url: `${settings.consoleUrl}/webhooks/pagerduty`, secret: settings.webhookSecret },
  faults,
  dataDir: settings.dataFolder,
  publicUrl: () => `http://127.0.0.1:${httpPort}`,
});
// The studio's pipeline tells PagerDuty of each deploy, as a change event.
simulation.context.onEvent((event) => {
  if (event.kind !== 'deploy') return;
  const { name, author, message, commit } = event.revision;
  pagerDuty.desk.change({
    summary: `Deployed ${name}: ${message}`,
    at: event.at,
    service: null,
    source: event.service,
    links: [],
    details: { author, commit, revision: name },
  });
});
const outsideCheck = createOutsideCheck({ clock, desk: pagerDuty.desk });
const pagerDutyTicks = setInterval(() => {
  outsideCheck.look();
  void pagerDuty.tick().catch((error) => log(`PagerDuty: ${error}`));
}, 250);

const github = createGitHub({
  clock,
  faults,
  token: settings.githubToken,
  repositories: repositoriesOf(catalog),
  prefix: '/github',
  publicUrl: () => `http://127.0.0.1:${httpPort}`,
});
const chat = createChat({ clock, faults });
const provider = createProviderHealth((name, call) => {
  if (call === null) return simulation.drill() === 'provider-outage' || simulation.control.fails(name);
  // The process of a service always answers; it is not ready while every fifth request fails.
  const minute = simulation.views().find(({ service }) => name === service || name.startsWith(`${service}-`));
  return call === 'ready' && minute !== undefined && minute.failed >= minute.requests / 5;
});
/** The doors behind the one HTTP port, asked in turn. */
const doors = [
  github.handle,
  chat.handle,
  provider.handle,
  createStandIn(catalog.endpoints ?? []).handle,
  pagerDuty.handle,
];

const control = createControl(
  simulation.control,
  faults,
  ({ service, stuck, revision, ready }) => {
    if (stuck !== undefined) run.setStuck(service, stuck);
    if (revision !== undefined && ready !== undefined) run.setReady(service, revision, ready);
  },
  ({ title, service = strangeService.id }) => {
    const ada = { id: 'PADA001', type: 'user_reference', name: 'Ada Byron' } as const;
    const { id } = pagerDuty.desk.create({ title, service, urgency: 'high', incidentKey: null }, ada);
    return { id, url: `${settings.consoleUrl}/pagerduty/incidents/${id}` };
  },
  ({ conclusion, remaining }) => {
    if (conclusion !== undefined) github.endAs(conclusion);
    if (remaining !== undefined) github.limit(remaining);
  },
);
const { seed, worldStart } = simulation.context;
const prometheus = createPrometheusHttp(createPrometheus({ catalog, seed, worldStart, clock }), faults, clock);
const http = createServer((request, response) => {
  if (control.handle(request, response) || prometheus.handle(request, response)) return;
  if (request.url === checkPath) {
    outsideCheck.ping();
    response.end('OK');
    return;
  }
  if (request.url === '/') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      frontPage({
        now: clock.now(),
        speed: clock.speed(),
        drill: simulation.drill(),
        incidents: pagerDuty.desk.standing(),
        services: simulation.views(),
        consoleUrl: settings.consoleUrl,
      }),
    );
    return;
  }
  handledBy(request, response)
    .then((handled) => handled || response.writeHead(404).end())
    .catch((error) => {
      log(`${request.method} ${request.url}: ${error}`);
      response.destroy();
    });
});
const relay = createUnleashRelay(settings.unleashUrl, faults);

const ports = {
  grpc: await simulation.google.listen(settings.grpcPort),
  http: await listen(http, settings.httpPort),
  unleash: await listen(relay, 0),
};
httpPort = ports.http;
await simulation.start();
const drill = drillNames.find((name) => name === settings.drill) satisfies DrillName | undefined;
if (!drill) throw new Error(`SIM_DRILL is one of ${drillNames.join(', ')}.`);
// A restarted world goes on with the drill it has.
if (drill !== 'quiet' && clock.now() - simulation.context.worldStart < 120_000)
  await simulation.control.startDrill({ name: drill, at: simulation.context.worldStart + 60_000 });
const scraped = (catalog.sources ?? []).filter(({ project }) => project === null).map(({ id }) => id);
process.stdout.write(`${JSON.stringify({ ...ports, prometheus: scraped })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    clearInterval(pagerDutyTicks);
    pagerDuty.close();
    run.close();
    http.closeAllConnections();
    relay.closeAllConnections();
    void simulation.stop().finally(() => process.exit(0));
  });

async function handledBy(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  for (const handle of doors) if (await handle(request, response)) return true;
  return false;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
