import type { Actor } from '#app/domain/run/run.ts';

/** The studio's people, one a role. */
export const people = {
  viewer: { email: 'vera@studio.example', name: 'Vera Rubin', role: 'viewer', teams: [] },
  product: { email: 'linus@studio.example', name: 'Linus Pauling', role: 'product', teams: ['voice'] },
  responder: { email: 'ada@studio.example', name: 'Ada Byron', role: 'responder', teams: ['media-platform'] },
  admin: { email: 'root@studio.example', name: 'Root', role: 'admin', teams: [] },
} as const satisfies Record<string, Actor & { teams: readonly string[] }>;

export type Person = keyof typeof people;

/** The actor of a role, with arrays of its own. */
export function actorOf(person: Person): Actor {
  return { ...people[person], teams: [...people[person].teams] };
}
