import type { FlagDeclaration, FlagState } from '#app/domain/flag/flag.ts';

/** A release flag of the shop as a file declares it: off in production when in doubt. */
export function declaredFlag(name: string, over: Partial<FlagDeclaration> = {}): FlagDeclaration {
  return {
    name,
    title: name,
    description: '',
    type: 'release',
    owners: ['web'],
    service: 'shop',
    slos: [],
    safe: { state: 'off' },
    environments: [{ name: 'production', protected: true }],
    expires: null,
    cohort: null,
    ...over,
  };
}

/** A release flag as Unleash has it, in no environment unless told otherwise. */
export function flagInUnleash(flag: string, over: Partial<FlagState> = {}): FlagState {
  return {
    flag,
    description: '',
    type: 'release',
    stale: false,
    archived: false,
    createdAt: 0,
    children: [],
    parents: [],
    environments: [],
    lastSeenAt: null,
    ...over,
  };
}
