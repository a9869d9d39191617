import { expect, test } from 'vitest';
import { createDryRun } from '#app/actions/traffic-dry-run.server.ts';
import type { TrafficReading } from '#app/actions/traffic-read.server.ts';
import type { CloudRunWrite } from '#app/clients/cloud-run/port.ts';

const target = { project: 'film-studio', region: 'europe-west1', service: 'voiceover' };
const traffic = [{ revision: 'voiceover-1', percent: 100, tag: null }];
const reading = (etag: string, fresh = true) => ({ fresh, service: { etag } }) as TrafficReading;

function asked(acts = true, answers: (string | null | Error)[] = []) {
  const etags: (string | undefined)[] = [];
  const write = {
    setTraffic: async (_target: unknown, _traffic: unknown, options: { etag?: string }) => {
      etags.push(options.etag);
      const answer = answers.shift() ?? null;
      if (answer instanceof Error) throw answer;
      return { error: answer };
    },
  } as unknown as CloudRunWrite;
  let now = 0;
  const dryRun = createDryRun(write, acts);
  const ask = (at: TrafficReading) =>
    dryRun(target, traffic, at, { now: () => now, signal: new AbortController().signal });
  return { etags, ask, later: (ms: number) => (now += ms) };
}

test('Cloud Run is asked once for one state of a service, and again when that moves or ten minutes have passed', async () => {
  const { etags, ask, later } = asked();
  for (let read = 0; read < 5; read += 1) expect((await ask(reading('1'))).state).toBe('pass');
  expect(etags).toEqual(['1']);
  await ask(reading('2'));
  expect(etags).toEqual(['1', '2']);
  later(10 * 60_000);
  await ask(reading('2'));
  expect(etags).toEqual(['1', '2', '2']);
});

test('no answer is not kept, a refusal is said', async () => {
  const { etags, ask } = asked(true, [new Error('no connection'), 'no quota']);
  expect(await ask(reading('1'))).toEqual({ state: 'unknown', text: 'The dry run was not answered: no connection' });
  expect(await ask(reading('1'))).toEqual({ state: 'fail', text: 'Cloud Run’s dry run refuses it: no quota' });
  expect(etags).toHaveLength(2);
});

test('a console that only observes never calls the write method', async () => {
  const { etags, ask } = asked(false);
  expect((await ask(reading('1'))).text).toBe('The dry run was not made: this console only observes.');
  expect(etags).toEqual([]);
});
