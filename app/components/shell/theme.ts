/** The two themes; without a choice the system's preference holds. */
export const themes = ['dark', 'light'] as const;
export type Theme = (typeof themes)[number];

/** The theme chosen in the cookie, null for none. */
export function themeOf(cookie: string | null): Theme | null {
  const value = /(?:^|;\s*)theme=(\w+)/.exec(cookie ?? '')?.[1];
  return themes.find((theme) => theme === value) ?? null;
}
