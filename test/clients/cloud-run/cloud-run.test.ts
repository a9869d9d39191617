import { afterEach, beforeEach, expect, test } from 'vitest';
import { previousRevision } from '#app/domain/service/rollback.ts';
import { inForce, pinned, routeBack, unsettled } from '#app/domain/service/traffic.ts';
import { openCloudRun } from './studio.ts';

let studio: Awaited<ReturnType<typeof openCloudRun>>;
beforeEach(async () => {
  studio = await openCloudRun(null, 500);
});
afterEach(() => studio.close());

/** The service, its newest revision and the one before. */
async function look() {
  const service = await studio.read.service(studio.target);
  const revisions = await studio.read.revisions(studio.target);
  const newest = revisions[0]!;
  return { service, revisions, newest, previous: previousRevision(revisions, newest.name)! };
}

test('a service and its revisions are read through the real client', async () => {
  const { service, revisions, newest } = await look();
  expect(service).toMatchObject({
    name: 'projects/example/locations/europe-west1/services/shop',
    reconciling: false,
    ready: true,
    traffic: [{ revision: null, percent: 100, tag: null }],
    trafficStatuses: [{ revision: newest.name, percent: 100, tag: null }],
    latestReadyRevision: newest.name,
  });
  expect(service.generation).toMatch(/^\d+$/);
  expect(service.generation).toBe(service.observedGeneration);
  expect(revisions.length).toBeGreaterThan(3);
  expect(newest.image).toMatch(/@sha256:[0-9a-f]{64}$/);
  expect(newest.env.find(({ name }) => name === 'BANK_KEY')).toMatchObject({
    fingerprint: null,
    secret: 'shop-bank-key:latest',
  });
  // Of a plain value only a keyed digest goes further.
  const plain = newest.env.filter(({ secret }) => secret === null);
  expect(plain.length).toBeGreaterThan(0);
  for (const { fingerprint } of plain) expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(newest.labels.commit).toMatch(/^[0-9a-f]{7}$/);
  // Without traffic a revision is inactive, and can still be routed to.
  expect(revisions.at(-1)).toMatchObject({ ready: true, retired: false });
});

test('traffic goes back: the operation is followed, and the status settles', async () => {
  const { service, previous } = await look();
  const intent = routeBack(service.traffic, previous.name, 100);
  const operation = await studio.write.setTraffic(studio.target, intent, { etag: service.etag, validateOnly: false });
  expect(operation).toMatchObject({ done: false, error: null });
  const during = await studio.read.service(studio.target);
  expect(during.reconciling).toBe(true);
  expect(unsettled(during, intent)).not.toBeNull();
  expect(studio.run.trafficOf('shop')).not.toEqual([{ revision: previous.name, share: 1 }]);
  studio.seconds(10);
  expect(await studio.read.operation(operation.name)).toMatchObject({ done: true, error: null });
  const after = await studio.read.service(studio.target);
  expect(unsettled(after, intent)).toBeNull();
  expect(pinned(after)).toBe(true);
  expect(studio.run.trafficOf('shop')).toEqual([{ revision: previous.name, share: 1 }]);
});

test('a first move of 5 % leaves the rest where it is', async () => {
  const { service, newest, previous } = await look();
  const intent = routeBack(service.traffic, previous.name, 5);
  await studio.write.setTraffic(studio.target, intent, { etag: service.etag, validateOnly: false });
  studio.seconds(10);
  const after = await studio.read.service(studio.target);
  expect(inForce(after)).toEqual({ [previous.name]: 5, [newest.name]: 95 });
});

test('a dry run changes nothing, and refuses what the change would be refused for', async () => {
  const { service, previous } = await look();
  const intent = routeBack(service.traffic, previous.name, 100);
  const answer = await studio.write.setTraffic(studio.target, intent, { etag: service.etag, validateOnly: true });
  expect(answer).toMatchObject({ done: true, error: null });
  studio.seconds(10);
  expect(await studio.read.service(studio.target)).toEqual(service);
  const bad = studio.write.setTraffic(studio.target, [{ revision: previous.name, percent: 90, tag: null }], {
    etag: service.etag,
    validateOnly: true,
  });
  await expect(bad).rejects.toThrow('percents must sum to 100');
  const gone = studio.write.setTraffic(studio.target, [{ revision: 'shop-00001-aaa', percent: 100, tag: null }], {
    etag: service.etag,
    validateOnly: true,
  });
  await expect(gone).rejects.toMatchObject({ code: 'not_found' });
});

test('an etag that somebody overtook is a stale plan, and nothing is written', async () => {
  const { service, previous } = await look();
  studio.run.deploy('shop', studio.nextRevision());
  studio.seconds(10);
  const intent = routeBack(service.traffic, previous.name, 100);
  const late = studio.write.setTraffic(studio.target, intent, { etag: service.etag, validateOnly: false });
  await expect(late).rejects.toMatchObject({ code: 'plan_stale' });
  expect((await studio.read.service(studio.target)).traffic).toEqual(service.traffic);
});

test('a pinned service gives the next deploy nothing, and LATEST brings it all', async () => {
  const { service, previous } = await look();
  const pin = routeBack(service.traffic, previous.name, 100);
  await studio.write.setTraffic(studio.target, pin, { etag: service.etag, validateOnly: false });
  studio.seconds(10);
  const next = studio.nextRevision();
  studio.run.deploy('shop', next);
  studio.seconds(10);
  const stuck = await studio.read.service(studio.target);
  expect(inForce(stuck)).toEqual({ [previous.name]: 100 });
  expect(stuck.latestReadyRevision).toBe(next.name);
  await studio.write.setTraffic(studio.target, routeBack(stuck.traffic, null, 100), {
    etag: stuck.etag,
    validateOnly: false,
  });
  studio.seconds(10);
  const free = await studio.read.service(studio.target);
  expect(inForce(free)).toEqual({ [next.name]: 100 });
  expect(pinned(free)).toBe(false);
});

test('a revision that cannot serve fails the operation and gets no traffic', async () => {
  const { service, newest, previous } = await look();
  studio.run.setReady('shop', previous.name, false);
  const operation = await studio.write.setTraffic(studio.target, routeBack(service.traffic, previous.name, 100), {
    etag: service.etag,
    validateOnly: false,
  });
  studio.seconds(10);
  expect((await studio.read.operation(operation.name)).error).toContain('not ready');
  const after = await studio.read.service(studio.target);
  expect(after.ready).toBe(false);
  expect(inForce(after)).toEqual({ [newest.name]: 100 });
});

test('a stuck rollout stays reconciling', async () => {
  const { service, previous } = await look();
  studio.run.setStuck('shop', true);
  const intent = routeBack(service.traffic, previous.name, 100);
  const operation = await studio.write.setTraffic(studio.target, intent, { etag: service.etag, validateOnly: false });
  studio.seconds(600);
  expect((await studio.read.operation(operation.name)).done).toBe(false);
  expect((await studio.read.service(studio.target)).reconciling).toBe(true);
});

test('tagged entries survive a change of traffic', async () => {
  const { service, previous } = await look();
  const tagged = [...service.traffic, { revision: previous.name, percent: 0, tag: 'canary' }];
  await studio.write.setTraffic(studio.target, tagged, { etag: service.etag, validateOnly: false });
  studio.seconds(10);
  const between = await studio.read.service(studio.target);
  const intent = routeBack(between.traffic, previous.name, 100);
  await studio.write.setTraffic(studio.target, intent, { etag: between.etag, validateOnly: false });
  studio.seconds(10);
  const after = await studio.read.service(studio.target);
  expect(after.traffic).toContainEqual({ revision: previous.name, percent: 0, tag: 'canary' });
  expect(unsettled(after, intent)).toBeNull();
});

test('a restart keeps revisions, traffic and operations', async () => {
  const { service, previous } = await look();
  const operation = await studio.write.setTraffic(studio.target, routeBack(service.traffic, previous.name, 100), {
    etag: service.etag,
    validateOnly: false,
  });
  studio.seconds(10);
  const before = await studio.read.service(studio.target);
  const again = await openCloudRun(studio.dataFolder);
  expect(await again.read.service(again.target)).toEqual(before);
  expect((await again.read.operation(operation.name)).done).toBe(true);
  await again.close();
});

test.each([
  ['stall', 'Cloud Run did not answer within 0.5 s', 'timeout'],
  ['500', 'Cloud Run answered UNAVAILABLE', 'server'],
  ['429', 'Cloud Run answered RESOURCE_EXHAUSTED', 'quota'],
  ['reset', 'Cloud Run cannot be reached', 'network'],
  ['garbage', 'Cloud Run', 'server'],
] as const)('the fault %s is told in words', async (kind, words, reason) => {
  await studio.read.service(studio.target);
  studio.faults.set('cloud-run', kind);
  const failed = await studio.read.service(studio.target).catch((error: Error) => error);
  expect(failed).toMatchObject({ code: 'unavailable', reason });
  expect((failed as Error).message).toContain(words);
});

test('an unknown service is not there', async () => {
  await expect(studio.read.service({ ...studio.target, service: 'nope' })).rejects.toMatchObject({ code: 'not_found' });
});
