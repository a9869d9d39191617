/** Names of people by their mail address, in lower case. */
export type PersonNames = Readonly<Record<string, string>>;

/**
 * Who it was, as people call them: "Ada Byron" for an address that somebody has, "Ada Byron (key ci)" where a program acted for
 * them. Whoever has no name here (the engine, a team, somebody who is gone) stays as written.
 */
export function personName(who: string, names: PersonNames): string {
  const [, address = who, rest = ''] = /^(\S+@\S+)( \(key .*\))?$/s.exec(who) ?? [];
  const known = address.toLowerCase();
  return Object.hasOwn(names, known) ? names[known]! + rest : who;
}

/** What a person is called: by name, and with the address where somebody else in the directory has the same name. */
export function calledName({ name, email, shared }: { name: string; email: string; shared: boolean }): string {
  return shared ? `${name.trim()} (${email})` : name;
}

/** The mail addresses among those who did something, each once and in lower case; `null` is nobody. */
export function addressesIn(all: readonly (string | null)[]): string[] {
  const found = all.flatMap((who) => /^\S+@\S+/.exec(who ?? '')?.[0].toLowerCase() ?? []);
  return [...new Set(found)];
}
