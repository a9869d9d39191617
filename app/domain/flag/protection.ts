import type { FlagDeclaration } from './flag.ts';

/**
 * True where changes of a flag are gated: wherever its file does not say `protected: false`, and always in the console's
 * own environment, whatever the file says.
 */
export function isProtected(
  declared: Pick<FlagDeclaration, 'environments'> | null | undefined,
  environment: string,
  ownEnvironment: string,
): boolean {
  const known = declared?.environments.find(({ name }) => name === environment);
  return environment === ownEnvironment || (known?.protected ?? true);
}
