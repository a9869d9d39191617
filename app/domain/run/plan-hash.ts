import { canonicalValue } from '../audit/canonical.ts';
import type { Plan } from './run.ts';

/**
 * The text whose SHA-256 is a plan's hash: what a confirmation is bound to. A stop is bound to target and after-state
 * only, so that it is never refused because the world moved; everything else to the before-state and `etag` as well.
 * Live numbers and words are no part of it. Hashing is left to the caller: this folder runs in the browser too.
 */
export function boundText(
  plan: Pick<Plan, 'action' | 'kind' | 'target' | 'before' | 'after'>,
  etag: string | null = null,
): string {
  const { action, kind, target, before, after } = plan;
  return JSON.stringify(
    canonicalValue(kind === 'stop' ? { action, kind, target, after } : { action, kind, target, before, after, etag }),
  );
}
