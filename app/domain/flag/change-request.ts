import { owns } from '../audit/permission.ts';
import type { Actor } from '../run/run.ts';

/** A change that somebody who may not make it asks the owners of a flag for: the inputs of a run that is not opened yet. Times ms. */
export interface ChangeRequest {
  id: string;
  flag: string;
  environment: string;
  /** "Set voice to 25 % in production". */
  title: string;
  template: string;
  inputs: Record<string, string>;
  reason: string;
  /** Whom it was sent to: the owners as the flag's file had them then. */
  owners: string[];
  by: string;
  byEmail: string;
  askedAt: number;
  expiresAt: number;
  state: 'open' | 'accepted' | 'declined' | 'withdrawn' | 'expired';
  decidedBy: string | null;
  decidedAt: number | null;
  /** What was said with a decline; null otherwise. */
  decision: string | null;
  runId: string | null;
  /** The chats that were told of it; none where none was declared. */
  told: ToldChat[];
}

/** A chat that hears of a request: `error` is why it has not taken it yet, null where it has, or nothing went wrong so far. */
export interface ToldChat {
  chat: string;
  taken: boolean;
  error: string | null;
}

/** Where a request that waits for an answer was told, or that it could not be. */
export function toldText(told: readonly ToldChat[]): string {
  if (told.length === 0) return 'Told in no chat, as none was declared: it stands only here.';
  const named = told.map(({ chat, taken, error }) => {
    const state = taken ? '' : error === null ? ' (not taken yet)' : ` (not taken: ${error.replace(/\.$/, '')})`;
    return `${chat}${state}`;
  });
  const where = `the ${told.length === 1 ? 'chat' : 'chats'} ${named.join(', ')}`;
  return `${told.some(({ taken }) => taken) ? 'Told in' : 'Not told yet. On its way to'} ${where}.`;
}

/** A request that nobody answers is over after this long, ms: the flag is another by then. */
export const requestStands = 7 * 86_400_000;

/** Null when this person may open or decline it; else why not. `owners` are those of the flag now. */
export function decideRefusal(
  request: Pick<ChangeRequest, 'state'>,
  owners: readonly string[],
  actor: Pick<Actor, 'role' | 'email' | 'teams'>,
): string | null {
  if (request.state !== 'open') return 'It is answered already.';
  if (actor.role === 'viewer') return 'Viewers read; a responder acts.';
  if (actor.role === 'responder' || actor.role === 'admin' || owns(actor, owners)) return null;
  return owners.length === 0 ? 'A responder answers it.' : `It is for ${owners.join(', ')}, or a responder.`;
}
