/** What a failed read says; one that we gave up ourselves after `ms` (wall, 0: by no deadline) says how long it was waited for. */
export function readFailureText(error: unknown, ms: number): string {
  const { message, reason, system } = error as Error & { reason?: string; system?: string };
  return reason === 'cancelled' && system && ms > 0 ? `${system} did not answer within ${ms / 1000} s` : message;
}
