import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGitHubRead } from '#app/clients/github/read.server.ts';
import { createGitHubWrite } from '#app/clients/github/write.server.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { begun, place, startGitHub, studio, type TestGitHub } from '#test/simulator/github/start.ts';

let world: TestGitHub;
beforeEach(async () => {
  world = await startGitHub();
});
afterEach(() => world.stop());

function clients(token: string | null = 'gh-token-1') {
  const resilience = createResilience({ system: 'GitHub', retries: 0 });
  const address = { ...world.address, token };
  return { read: createGitHubRead(address, resilience), write: createGitHubWrite(address, resilience) };
}

test('a dispatched run is listed by its title, read, and ends', async () => {
  const { read, write } = clients();
  await write.dispatch(place, 'main', { queue: 'render', firebreak_key: 'k/1' });
  const [run, ...others] = await read.dispatched(place, begun - 1_000);
  expect(others).toEqual([]);
  expect(run).toMatchObject({ title: 'Drain render (k/1)', status: 'queued', conclusion: null, createdAt: begun });
  world.clock.advance(10_000);
  expect((await read.run(place.repo, run!.id)).status).toBe('in_progress');
  world.clock.advance(60_000);
  expect(await read.run(place.repo, run!.id)).toMatchObject({ status: 'completed', conclusion: 'success' });
  expect(await write.cancel(place.repo, run!.id)).toBe(false);
});

test('a run that is under way is cancelled', async () => {
  const { read, write } = clients();
  await write.dispatch(place, 'main', { queue: 'render' });
  const id = (await read.dispatched(place, 0))[0]!.id;
  expect(await write.cancel(place.repo, id)).toBe(true);
  world.clock.advance(2_000);
  expect(await read.run(place.repo, id)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
});

test('only runs since a time are listed, newest first', async () => {
  const { read, write } = clients();
  for (const queue of ['a', 'b', 'c']) {
    await write.dispatch(place, 'main', { queue });
    world.clock.advance(60_000);
  }
  const titles = async (since: number) => (await read.dispatched(place, since)).map(({ title }) => title);
  expect(await titles(begun)).toEqual(['Drain c ()', 'Drain b ()', 'Drain a ()']);
  expect(await titles(begun + 60_000)).toEqual(['Drain c ()', 'Drain b ()']);
});

test('what GitHub refuses is said in its words', async () => {
  const { read, write } = clients();
  const dispatch = (inputs: Record<string, string>, ref = 'main', workflow = place.workflow) =>
    write.dispatch({ ...place, workflow }, ref, inputs);
  await expect(dispatch({})).rejects.toThrow("GitHub answered 422: Required input 'queue' not provided");
  await expect(dispatch({ queue: 'a', colour: 'red' })).rejects.toThrow('Unexpected inputs provided: ["colour"]');
  await expect(dispatch({ queue: 'a' }, 'gone')).rejects.toThrow('No ref found for: gone');
  await expect(dispatch({}, 'main', 'none.yml')).rejects.toMatchObject({ code: 'not_found' });
  await expect(read.commit(place.repo, 'gone')).rejects.toMatchObject({ answered: 422, reason: 'refused' });
  expect(await read.commit(place.repo, 'main')).toBe(studio.refs.main);
  await expect(clients('wrong-token').read.workflow(place)).rejects.toMatchObject({ answered: 401 });
});

test('without a token nothing is asked', async () => {
  const { read } = clients(null);
  expect(read.missing).toContain('GITHUB_TOKEN');
  await expect(read.workflow(place)).rejects.toMatchObject({ code: 'bad_input' });
});

test('a used-up rate limit is no refusal: it says when to come again', async () => {
  world.github.limit(0);
  const error = await clients()
    .read.workflow(place)
    .catch((thrown) => thrown);
  expect(error).toMatchObject({ reason: 'quota', answered: 403, message: expect.stringContaining('rate limit') });
  expect(error.retryAfterMs).toBeGreaterThan(0);
});
