/** What was sent from a flag's page and refused: why, and its fields. */
export interface RefusedFlagForm {
  message: string;
  sent: Record<string, string>;
}

/** What stands again in the form of an environment that was refused; null for every other form. */
export function keptOf(
  refused: RefusedFlagForm | null,
  intent: string,
  environment: string,
): Record<string, string> | null {
  return refused && refused.sent.intent === intent && refused.sent.environment === environment ? refused.sent : null;
}
