import { createHash } from 'node:crypto';
import type { Catalog } from '#app/domain/catalog.ts';
import type { GhRepository, GhWorkflow } from './github/model.ts';

const usualKeyInput = 'firebreak_key';

/** The repositories that a catalog's runbooks dispatch workflows of: what they name is there, and repeats its key as it has to. */
export function repositoriesOf(catalog: Pick<Catalog, 'runbooks'>): GhRepository[] {
  const found = new Map<string, GhRepository>();
  for (const { steps } of catalog.runbooks) {
    for (const { uses, with: given } of steps) {
      const { repo, workflow: file, ref, inputs, key_input: keyInput } = given;
      if (uses !== 'github.dispatch' || typeof repo !== 'string' || typeof file !== 'string') continue;
      const repository = found.get(repo) ?? { name: repo, refs: {}, workflows: [] };
      found.set(repo, repository);
      if (typeof ref === 'string') repository.refs[ref] = createHash('sha1').update(`${repo}/${ref}`).digest('hex');
      const key = typeof keyInput === 'string' ? keyInput : usualKeyInput;
      const workflow = workflowOf(repository, file, key);
      for (const input of [...Object.keys(inputs ?? {}), key])
        if (!workflow.inputs.some(({ name }) => name === input)) workflow.inputs.push({ name: input, required: false });
    }
  }
  return [...found.values()];
}

function workflowOf(repository: GhRepository, file: string, key: string): GhWorkflow {
  const known = repository.workflows.find((one) => one.file === file);
  if (known) return known;
  const name = file.replace(/\.ya?ml$/, '').replaceAll('-', ' ');
  const workflow = { file, name, runName: `${name} ($\{{ inputs.${key} }})`, inputs: [], disabled: false };
  repository.workflows.push(workflow);
  return workflow;
}
