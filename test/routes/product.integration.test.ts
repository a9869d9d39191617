import { type AppLoadContext, createRequestHandler } from '@remix-run/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followUpWish } from '#app/domain/follow-up/wishes.ts';
import { incidentWish } from '#app/domain/incident/wishes.ts';
import { runWish } from '#app/domain/run/wishes.ts';
import type { RequestContext } from '#app/load-context.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeAction, fakeTarget } from '../engine/fake-target.ts';
import { ada, catalogOf, startProcess, stepOf, type TestProcess, untilStep } from '../engine/harness.ts';
import { type Form, formsIn, formsOf } from '../support/http/forms.ts';
import { fakeContext } from '../support/pages/context.ts';
import { sourceBuild } from '../support/pages/source-build.ts';
import type { Told } from '../support/pages/stores.ts';
import { burningWorld } from '../support/pages/world.ts';

const database = testDatabase({ each: true });
let process: TestProcess;
const targets = { flag: fakeTarget('on'), traffic: fakeTarget('new'), note: fakeTarget('none') };
const handle = createRequestHandler(sourceBuild(), 'production');

beforeEach(async () => {
  process = await startProcess({
    url: database.url,
    actions: [
      fakeAction('flag.kill', 'stop', targets.flag, 'off'),
      fakeAction('cloudrun.traffic', 'stop', targets.traffic, 'old'),
      fakeAction('pagerduty.note', 'people', targets.note, 'written'),
    ],
    catalog: catalogOf([
      stepOf({ id: 'flag', uses: 'flag.kill', with: { flag: 'moodboard-analysis-v3', environment: 'production' } }),
      stepOf({ id: 'traffic', uses: 'cloudrun.traffic', with: { service: 'voiceover', to: 'voiceover-00041' } }),
      stepOf({ id: 'note', uses: 'pagerduty.note', with: { text: 'done' } }),
      stepOf({ id: 'own', uses: 'flag.kill', with: { flag: 'voiceover-v2', environment: 'production' } }),
    ]),
  });
});
afterEach(async () => {
  await process.stop();
});

/** Wishes about what waits for approval. */
const nothingWaits = ['approve', 'reject', 'withdraw'];

/** Posts a form as Linus, who is a product person of the team voice. */
async function post(path: string, form: Form, more: Partial<RequestContext['stores']>, told: Told = []) {
  const context = fakeContext(burningWorld(), 'product', told);
  const full: object = { ...context, stores: { ...context.stores, ...more } };
  const request = new Request(`http://127.0.0.1:4400${path}`, { method: 'POST', body: new URLSearchParams(form) });
  return (await handle(request, full as AppLoadContext)).status;
}

test.each(['flag', 'traffic', 'note'])(
  'product people do nothing to a %s of others, by any wish of a run',
  async (id) => {
    const open = { template: 'burning', inputs: {}, incidentId: null, service: null };
    const runId = await process.runs.openRun(open, ada);
    const first = await untilStep(process, runId, 'flag', ['planned']);
    if (id !== 'flag') await process.runs.skip({ runId, stepId: 'flag', reason: 'not this one', actor: ada });
    if (id === 'note') {
      await untilStep(process, runId, 'traffic', ['planned']);
      await process.runs.skip({ runId, stepId: 'traffic', reason: 'not this one', actor: ada });
    }
    const { planHash } = id === 'flag' ? first : await untilStep(process, runId, id, ['planned']);
    const before = await process.runs.get(runId);
    for (const form of formsIn(runWish)) {
      const filled = { ...form, ...(form.step ? { step: id } : {}), ...(form.hash ? { hash: planHash! } : {}) };
      // Planning anew only reads.
      if (form.intent === 'replan') continue;
      const status = await post(`/runs/${runId}`, filled, { runs: process.runs });
      // Whoever the rules name may approve, whatever their role is: here nothing waits for anybody.
      expect([filled, status]).toEqual([filled, nothingWaits.includes(form.intent!) ? 409 : 403]);
    }
    expect(await process.runs.get(runId)).toEqual(before);
    for (const { effects } of Object.values(targets)) expect(effects).toEqual([]);
    if (id !== 'note') return;
    // The same form on their own flag is taken.
    await process.runs.skip({ runId, stepId: 'note', reason: 'nothing to tell', actor: ada });
    const own = await untilStep(process, runId, 'own', ['planned']);
    const confirm = { intent: 'confirm', step: 'own', hash: own.planHash! };
    expect(await post(`/runs/${runId}`, confirm, { runs: process.runs })).toBe(303);
  },
);

test('elsewhere product people tell nobody anything and clear nothing: they open runs, which change nothing by themselves', async () => {
  const told: Told = [];
  const doors: [string, Form[]][] = [
    ['/incidents/inc-1', formsIn(incidentWish)],
    ['/follow-ups', formsIn(followUpWish)],
    ['/services/voiceover', formsOf['routes/services.$id']!],
    ['/flags/voiceover-v2', formsOf['routes/flags.$name']!],
    ['/runbooks/voiceover-burn', formsOf['routes/runbooks.$slug']!],
  ];
  const refused = new Set<string>();
  for (const [door, forms] of doors) {
    for (const form of forms) if ((await post(door, form, {}, told)) === 403) refused.add(form.intent ?? door);
  }
  // A change of their own flag they make themselves: there is nobody to ask.
  expect([...refused]).toEqual(['acknowledge', 'clear', 'sign-off', 'change', 'ask']);
  expect(new Set(told.map(({ what }) => what))).toEqual(new Set(['openRun']));
});
