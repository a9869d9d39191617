import { may, owns } from '../audit/permission.ts';
import type { FlagDeclaration } from '../flag/flag.ts';
import { refusal } from './offers.ts';
import type { Actor } from './run.ts';

/** Why somebody may not ask the owners of a flag for a change; null for product people whom it does not belong to. */
export function askRefusal(
  actor: Pick<Actor, 'role' | 'email' | 'teams'>,
  declared: Pick<FlagDeclaration, 'owners'> | null,
  mode: 'observe' | 'shadow' | 'act',
): string | null {
  if (!may(actor.role, 'run.open')) return refusal(actor.role);
  if (!declared) return 'No file in flags/ declares it: there is nobody to ask.';
  if (actor.role !== 'product' || owns(actor, declared.owners)) return 'You may turn it yourself.';
  return mode === 'act' ? null : 'Firebreak only observes here; it changes nothing.';
}

/** Why somebody may not turn a flag from its page; null when they may. A flag that no file declares is turned by nobody. */
export function turnRefusal(
  actor: Pick<Actor, 'role' | 'email' | 'teams'>,
  declared: Pick<FlagDeclaration, 'owners'> | null,
  mode: 'observe' | 'shadow' | 'act',
): string | null {
  if (!may(actor.role, 'run.open')) return refusal(actor.role);
  if (!declared) return 'No file in flags/ declares it: its owner and its safe state are not known.';
  if (actor.role === 'product' && !owns(actor, declared.owners)) {
    return `You may act on flags you own only. It belongs to ${declared.owners.join(', ')}: ask them, or a responder.`;
  }
  return mode === 'act' ? null : 'Firebreak only observes here; it changes nothing.';
}
