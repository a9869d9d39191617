import type { Catalog } from '../catalog.ts';

/**
 * Names of the declared chats in which owners (teams or mail addresses) hear of what is theirs: those of their names, and of the
 * teams of people. Where they have none, every declared chat: an owner without one is not told nothing, somebody else knows them.
 */
export async function ownersChats(
  { endpoints = [] }: Pick<Catalog, 'endpoints'>,
  owners: readonly string[],
  people: { get(email: string): Promise<{ teams: readonly string[] } | null> },
): Promise<string[]> {
  const known = await Promise.all(owners.filter((one) => one.includes('@')).map((one) => people.get(one)));
  const names = [...owners, ...known.flatMap((person) => person?.teams ?? [])];
  const declared = endpoints.filter(({ use }) => use === 'chat').map(({ name }) => name);
  const own = declared.filter((name) => names.includes(name));
  return own.length > 0 ? own : declared;
}
