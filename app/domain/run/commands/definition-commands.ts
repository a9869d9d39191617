import type { Beginning, DefinitionWrite } from '../../flag/reconcile.ts';
import type { Plan } from '../run.ts';
import { unleashCurl } from './unleash-curl.ts';

const features = '/api/admin/projects/default/features';

/** The writes of a flag's definition as curl against Unleash's Admin API; address and token come from the shell's environment. */
export function definitionCommands(writes: readonly DefinitionWrite[]): Plan['commands'] {
  return writes.flatMap((write): Plan['commands'] => {
    const path = `${features}/${encodeURIComponent(write.flag)}`;
    const { flag: name } = write;
    if (write.kind === 'begin') return begin(path, write);
    if (write.kind === 'revive') {
      const revive = `/api/admin/archive/revive/${encodeURIComponent(name)}`;
      return [{ label: 'Revive', command: unleashCurl('POST', revive) }];
    }
    const { type, description } = write;
    if (write.kind === 'create') {
      const created = { label: 'Create', command: unleashCurl('POST', features, { name, type, description }) };
      return [created, ...write.begins.flatMap((one) => begin(path, one))];
    }
    const replace = (field: string, value: string) => ({ op: 'replace', path: `/${field}`, value });
    const patch = [replace('type', type), replace('description', description)];
    return [{ label: 'Set type and description', command: unleashCurl('PATCH', path, patch) }];
  });
}

function begin(path: string, { environment, strategies }: Beginning): Plan['commands'] {
  const to = `${path}/environments/${encodeURIComponent(environment)}/strategies`;
  return strategies.map((one) => ({ label: 'Add a strategy', command: unleashCurl('POST', to, one) }));
}
