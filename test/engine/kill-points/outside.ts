// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of endpoints look like this
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ActionsOutside } from '#app/actions/actions.server.ts';
import { createEndpointsRead } from '#app/clients/endpoint/read.server.ts';
import { createEndpointsWrite } from '#app/clients/endpoint/write.server.ts';
import { createGitHubRead } from '#app/clients/github/read.server.ts';
import { createGitHubWrite } from '#app/clients/github/write.server.ts';
import { createPagerDutyRead } from '#app/clients/pagerduty/read.server.ts';
import { createPagerDutyWrite } from '#app/clients/pagerduty/write.server.ts';
import type { Endpoint } from '#app/domain/endpoint/endpoint.ts';
import { inForce } from '#app/domain/service/traffic.ts';
import type { Clock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { createChat } from '#simulator/chat/chat.ts';
import { createFaults } from '#simulator/faults.ts';
import { countsByRevision } from '../../clients/cloud-run/counts-by-revision.ts';
import { openCloudRun } from '../../clients/cloud-run/studio.ts';
import { openUnleash } from '../../clients/unleash/console.ts';
import { startGitHub } from '../../simulator/github/start.ts';
import { routingKey, startPagerDuty } from '../../simulator/pagerduty/start.ts';

const silent = async () => undefined;
const named = (name: string, use: Endpoint['use'], repeatable = false): Endpoint => ({
  ...{ name, title: name, use, repeatable, method: 'POST', url: `\${env:CHAT}/${name}` },
  ...{ headers: {}, status: [200], contains: null },
});

/** What an organisation declares of its own: a chat that keeps no keys, a webhook and a request that do nothing twice under one, a probe. */
export const endpoints = [
  named('incidents', 'chat'),
  named('board', 'webhook', true),
  named('queue', 'request'),
  named('queue-with-keys', 'request', true),
  named('health', 'probe'),
];

/**
 * Everything outside that actions read and write, through the console's own clients: a real Unleash; Cloud Run, PagerDuty, GitHub
 * and the chat as the simulator plays them. `written` is called for each write that was answered.
 */
export async function openOutside(clock: Clock, written: () => void) {
  const chat = createChat({ clock, faults: createFaults() });
  const server = createServer((request, response) => void chat.handle(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const settings = { references: { CHAT: `http://127.0.0.1:${port}/chat` }, internal: [`127.0.0.1:${port}`] };
  const github = await startGitHub({ clock, manners: { listedAfter: 0, startsAfter: 0, lasts: 86_400_000 } });
  const pagerDuty = await startPagerDuty();
  const run = await openCloudRun();
  const unleash = openUnleash();
  /** Each revision with traffic has its requests, and none fails. */
  const shares = async () => inForce(await run.read.service(run.target));
  const healthy = countsByRevision(shares, () => ({ total: 200, bad: 0 }));
  const policy = (system: string) => createResilience({ system });
  const pages = createPagerDutyWrite(pagerDuty.address);
  const outside: ActionsOutside = {
    unleash: {
      read: unleash.read,
      write: counted(unleash.write, written),
      definitions: counted(unleash.definitions, written),
      witness: { evaluate: () => null, seenAt: () => null, start: silent, stop: silent },
    },
    cloudRun: {
      read: run.read,
      write: {
        async setTraffic(target, traffic, options) {
          const operation = await run.write.setTraffic(target, traffic, options);
          if (options.validateOnly) return operation;
          written();
          run.seconds(60);
          return run.read.operation(operation.name);
        },
      },
    },
    pagerDuty: {
      read: createPagerDutyRead(pagerDuty.address),
      write: { ...counted(pages, written), notes: pages.notes.bind(pages) },
    },
    monitoring: { counts: healthy, distributions: async () => [], gauges: async () => [] },
    logging: { list: async () => [] },
    endpoints: {
      read: createEndpointsRead(settings, policy('Declared endpoints')),
      write: (({ refusal, ...write }) => ({ refusal, ...counted(write, written) }))(
        createEndpointsWrite(settings, policy('Declared endpoints'), (text) => text),
      ),
    },
    github: {
      read: createGitHubRead(github.address, policy('GitHub')),
      write: counted(createGitHubWrite(github.address, policy('GitHub')), written),
    },
  };
  return {
    outside,
    service: run.target,
    /** A page of its own, acknowledged if that is asked. Returns its id. */
    async page(title: string): Promise<string> {
      const source = { severity: 'critical' as const, source: 'voiceover', details: {}, links: [] };
      await pages.sendEvent({ action: 'trigger', dedupKey: title, routingKey, summary: title, ...source });
      return (await outside.pagerDuty.read.openIncidents()).find((one) => one.title === title)!.id;
    },
    async close() {
      await Promise.all([github.stop(), pagerDuty.stop(), run.close()]);
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export type Outside = Awaited<ReturnType<typeof openOutside>>;

/** The same port, telling of each call that was answered. */
function counted<T extends object>(port: T, written: () => void): T {
  return new Proxy(port, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]) => {
        const answer = await method.apply(target, given);
        written();
        return answer;
      };
    },
  });
}
