import { expect, test } from 'vitest';
import { flagEventsTask, flagsTask } from '#app/engine/world/flags.server.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createCursorStore } from '#app/stores/cursors.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { createUnleashFlag, unleashCall } from '#test/support/unleash.ts';
import { openUnleash } from '../clients/unleash/console.ts';

const unleash = openUnleash();
const silent = async () => undefined;
const signal = new AbortController().signal;
const database = testDatabase();

function engine() {
  const { db } = database;
  const changes = createChangeStore(db, Date.now, silent);
  const deps = {
    unleash: unleash.read,
    observations: createObservationStore(db),
    changes,
    cursors: createCursorStore(db),
    catalog: async () => null,
    clock: systemClock,
    notify: silent,
  };
  const [flags, events] = [flagsTask(deps), flagEventsTask({ ...deps, ownHand: async () => null })];
  return {
    changes,
    async look() {
      await flags.run(signal);
      await events.run(signal);
    },
  };
}

const inCountry = (...values: string[]) => [{ contextName: 'country', operator: 'IN', values }];

test('somebody else who edits a segment, a description or the mark of stale is seen in the history of the flag, by name', async () => {
  const flag = await createUnleashFlag('segment');
  const segment = { name: `people of ${flag}`, constraints: inCountry('DK') };
  const { id } = (await unleashCall('POST', '/admin/segments', segment)) as { id: number };
  await unleashCall('POST', `/admin/projects/default/features/${flag}/environments/production/strategies`, {
    name: 'flexibleRollout',
    parameters: { rollout: '100', stickiness: 'default', groupId: flag },
    segments: [id],
  });
  const { look, changes } = engine();
  await look();
  const known = (await changes.ofFlag(flag, 50)).length;
  await unleashCall('PUT', `/admin/segments/${id}`, { ...segment, constraints: inCountry('DK', 'SE') });
  await unleashCall('PATCH', `/admin/projects/default/features/${flag}`, [
    { op: 'replace', path: '/description', value: 'Said anew' },
  ]);
  await unleashCall('POST', '/admin/projects/default/stale', { features: [flag], stale: true });
  await look();
  await look();
  const news = (await changes.ofFlag(flag, 50)).slice(0, -known);
  expect(news.map(({ title, kind, environment, actor }) => [title, kind, environment, actor])).toEqual([
    [`${flag} marked stale`, 'config', null, 'admin'],
    [`${flag} described anew`, 'config', null, 'admin'],
    [
      `${flag} segment people of ${flag} changed in production: country is DK or SE (was country is DK)`,
      ...['flag', 'production', 'admin'],
    ],
  ]);
  expect(news[1]).toMatchObject({ before: { description: 'Test of segment' }, after: { description: 'Said anew' } });
  // What a list calls the last change is the last that gave it to other people.
  expect((await changes.lastOfFlags()).find(({ target }) => target === flag)!.title).toContain('segment people');
});
