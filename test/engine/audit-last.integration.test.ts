import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '#app/platform/clock.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { createSendRun } from '#app/stores/run/run-queue.server.ts';
import { createRunStore } from '#app/stores/run/runs.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeAction, fakeTarget } from './fake-target.ts';
import { glass, kill, openPlanned, restore } from './gated.ts';
import { ada, catalogOf, startProcess, type TestProcess } from './harness.ts';

const database = testDatabase({ each: true });
let process: TestProcess;
/** What the store does in its transaction: sends the job, writes the line. */
let calls: string[];

beforeEach(async () => {
  const actions = [
    fakeAction('flag.kill', 'stop', fakeTarget('on'), 'off'),
    fakeAction('flag.restore', 'forward', fakeTarget('off'), 'on'),
  ];
  process = await startProcess({ url: database.url, actions, catalog: catalogOf([kill, restore]) });
  calls = [];
});
afterEach(async () => {
  await process.stop();
});

function runs() {
  const { db, boss } = process;
  const send = createSendRun(boss);
  const silent = async () => undefined;
  return createRunStore({
    ...{ db, catalog: async () => null, clock: systemClock, notify: silent, mode: 'act', environment: 'production' },
    send: (...given) => {
      calls.push('job');
      return send(...given);
    },
    audit: (...given) => {
      calls.push('line');
      return appendAudit(...given);
    },
  });
}

/** What a person may say of a planned kill. */
const words: Record<string, (of: { runId: string; stepId: string; hash: string }) => Promise<unknown>> = {
  confirm: (of) => runs().confirm({ ...of, ...glass, outcome: null, actor: ada, address: null }),
  skip: (of) => runs().skip({ ...of, reason: 'Not needed.', actor: ada }),
  'report by hand': (of) => runs().byHand({ ...of, seen: 'It is off.', actor: ada, address: null }),
};

test.each(Object.keys(words))('to %s holds the chain of the audit for nothing but its own line', async (word) => {
  await words[word]!(await openPlanned(process, ada, 'kill'));
  expect(calls).toEqual(['job', 'line']);
});
