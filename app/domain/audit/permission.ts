import type { Actor } from '../run/run.ts';

/** What a route or action may ask for. */
const permissions = [
  'read',
  'run.open',
  'run.confirm-stop',
  'run.confirm-forward',
  'run.people',
  'run.approve',
  'run.break-glass',
  'panic',
  'follow-up.clear',
  'change.record',
  'budget.correct',
  'silence',
  'admin',
] as const;
export type Permission = (typeof permissions)[number];

/** The table role × permission. Product people confirm only on flags they own: the run store checks ownership besides. */
const rolePermissions: Record<Actor['role'], readonly Permission[]> = {
  viewer: ['read'],
  product: ['read', 'run.open', 'run.confirm-stop', 'run.confirm-forward'],
  responder: [
    'read',
    'run.open',
    'run.confirm-stop',
    'run.confirm-forward',
    'run.people',
    'run.approve',
    'run.break-glass',
    'panic',
    'follow-up.clear',
    'change.record',
    'budget.correct',
    'silence',
  ],
  admin: permissions,
  // It goes back by itself: a rollout that burns waits for nobody.
  engine: ['read', 'run.open', 'run.confirm-stop'],
};

/** True when the role has the permission. */
export function may(role: Actor['role'], permission: Permission): boolean {
  return rolePermissions[role].includes(permission);
}

/** True when one of a flag's owners (emails or teams) is this person. */
export function owns(actor: Pick<Actor, 'email' | 'teams'>, owners: readonly string[]): boolean {
  return owners.some((owner) => owner === actor.email || actor.teams.includes(owner));
}
