import type { SafeState } from '../../flag/flag.ts';
import type { FlagWrite } from '../../flag/kill-plan.ts';
import { everyoneStrategy } from '../../flag/rollout.ts';
import type { Plan } from '../run.ts';
import { unleashCurl } from './unleash-curl.ts';

/** The writes of a flag change as curl against Unleash's Admin API; address and token come from the shell's environment. */
export function flagCommands(at: { flag: string; environment: string }, writes: FlagWrite[]): Plan['commands'] {
  const base = `/api/admin/projects/default/features/${encodeURIComponent(at.flag)}/environments/${encodeURIComponent(at.environment)}`;
  return writes.map((write) => commandOf(base, write));
}

function commandOf(base: string, write: FlagWrite): Plan['commands'][number] {
  switch (write.kind) {
    case 'enable':
      return { label: 'Turn on', command: unleashCurl('POST', `${base}/on`) };
    case 'disable':
      return { label: 'Turn off', command: unleashCurl('POST', `${base}/off`) };
    case 'add-strategy':
      return { label: 'Add a strategy', command: unleashCurl('POST', `${base}/strategies`, write.strategy) };
    case 'update-strategy': {
      const { id, ...strategy } = write.strategy;
      return { label: 'Change a strategy', command: unleashCurl('PUT', `${base}/strategies/${id}`, strategy) };
    }
    case 'remove-strategy':
      return { label: 'Remove a strategy', command: unleashCurl('DELETE', `${base}/strategies/${write.id}`) };
  }
}

/**
 * What brings a flag to its safe state, whatever stands there: off by its switch; on by a strategy for everyone before the
 * switch. For a variant every other strategy has to go as well: each would
 * still give its own.
 */
export function safeCommands(at: { flag: string; environment: string }, safe: SafeState): Plan['commands'] {
  if (safe.state === 'off') return flagCommands(at, [{ kind: 'disable' }]);
  const variants =
    safe.state === 'variant'
      ? [{ name: safe.variant, weight: 1000, weightType: 'variable', stickiness: 'default' }]
      : [];
  const strategy = { ...everyoneStrategy(at.flag), variants };
  return flagCommands(at, [{ kind: 'add-strategy', strategy }, { kind: 'enable' }]);
}
