import { expect, test } from 'vitest';
import { repositoriesOf } from '#simulator/github-account.ts';
import { catalogOf, stepOf } from '../../engine/harness.ts';

test('the workflows that runbooks name are there, and repeat their key', () => {
  const step = (id: string, given: object) =>
    stepOf({ id, uses: 'github.dispatch', with: { repo: 'acme/studio', ref: 'main', ...given } });
  const [repository, ...others] = repositoriesOf(
    catalogOf([
      step('drain', { workflow: 'drain.yml', inputs: { queue: 'render' } }),
      step('again', { workflow: 'drain.yml', inputs: { force: true } }),
      step('other', { workflow: 'restore.yml', ref: 'v1', key_input: 'request' }),
      stepOf({ id: 'ask', uses: 'manual' }),
    ]),
  );
  expect(others).toEqual([]);
  expect(Object.keys(repository!.refs)).toEqual(['main', 'v1']);
  expect(repository!.workflows.map(({ file, inputs }) => [file, inputs.map(({ name }) => name)])).toEqual([
    ['drain.yml', ['queue', 'firebreak_key', 'force']],
    ['restore.yml', ['request']],
  ]);
  expect(repository!.workflows[1]?.runName).toContain('inputs.request');
});
