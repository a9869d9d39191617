import type { FlagDeclaration } from './flag.ts';

/**
 * The SLO that proves a change of a flag in an environment: the first that its file names, in the console's own environment, which
 * alone is what SLOs are measured in. Null where none does.
 */
export function provingSlo(
  declared: Pick<FlagDeclaration, 'slos'> | null,
  environment: string,
  ownEnvironment: string,
): string | null {
  return environment === ownEnvironment ? (declared?.slos[0] ?? null) : null;
}
