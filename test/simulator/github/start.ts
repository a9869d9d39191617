// biome-ignore-all lint/suspicious/noTemplateCurlyInString: run names of workflows look like this
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, manualClock } from '#app/platform/clock.ts';
import { createFaults } from '#simulator/faults.ts';
import { createGitHub, type GitHubOptions } from '#simulator/github/github.ts';
import type { GhRepository } from '#simulator/github/model.ts';

export const begun = Date.UTC(2026, 10, 22, 3);
export const place = { repo: 'acme/studio', workflow: 'drain.yml' };

/** A repository with a workflow that repeats the key in its run-name, and one that does not. */
export const studio: GhRepository = {
  name: place.repo,
  refs: { main: '8f3c1d2e4b5a69788796a5b4c3d2e1f001122334' },
  workflows: [
    {
      file: 'drain.yml',
      name: 'Drain the queue',
      runName: 'Drain ${{ inputs.queue }} (${{ inputs.firebreak_key }})',
      inputs: [
        { name: 'queue', required: true },
        { name: 'firebreak_key', required: false },
      ],
      disabled: false,
    },
    {
      file: 'mute.yml',
      name: 'Mute',
      runName: null,
      inputs: [{ name: 'firebreak_key', required: false }],
      disabled: false,
    },
    { file: 'off.yml', name: 'Off', runName: null, inputs: [], disabled: true },
  ],
};

/** A simulated GitHub on a free port. */
export async function startGitHub(options: Partial<GitHubOptions> & { clock?: Clock } = {}) {
  const clock = manualClock(begun);
  const faults = createFaults();
  const manners = { listedAfter: 0, startsAfter: 5_000, lasts: 60_000 };
  const base = { clock, faults, token: 'gh-token-1', repositories: [studio], prefix: '/github', manners };
  const github = createGitHub({ ...base, publicUrl: () => url, ...options });
  const server = createServer((request, response) => {
    github.handle(request, response).then((known) => known || response.writeHead(404).end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    github,
    clock,
    faults,
    address: { apiUrl: `${url}/github`, token: 'gh-token-1' },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export type TestGitHub = Awaited<ReturnType<typeof startGitHub>>;
