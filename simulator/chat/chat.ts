import type { IncomingMessage, ServerResponse } from 'node:http';
import { applyHttpFault } from '../control/http-fault.ts';
import { readCall, writeAnswer } from '../pagerduty/http.ts';
import type { Faults, SimClock } from '../world/seams.ts';

/** What was said in a room. Like any chat it keeps no keys: the same message twice is two messages. */
export interface ChatMessage {
  room: string;
  text: string;
  /** `Idempotency-Key` that it came with, for looking at; null without one. */
  key: string | null;
  at: number;
}

const kept = 500;

/** The studio's chat: incoming webhooks at `/chat/<room>`, and a page of what was said there. */
export function createChat(options: { clock: SimClock; faults: Faults }) {
  const messages: ChatMessage[] = [];
  return {
    messages: (room?: string) => messages.filter((one) => room === undefined || one.room === room),
    /** Answers a request that is the chat's; false leaves it to others. */
    async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
      const path = new URL(request.url ?? '/', 'http://simulator').pathname;
      const room = /^\/chat\/([a-z0-9-]+)$/.exec(path)?.[1];
      if (room === undefined) return false;
      if (request.method === 'GET') {
        const said = messages.filter((one) => one.room === room).map(line);
        writeAnswer(response, {
          status: 200,
          html: `<!doctype html><title>#${room}</title><h1>#${room}</h1>${said.join('')}`,
        });
        return true;
      }
      if (applyHttpFault(options.faults.check('chat'), request, response)) return true;
      const call = await readCall(request);
      const { text } = (call.body ?? {}) as { text?: unknown };
      if (call.method !== 'POST' || typeof text !== 'string' || text === '') {
        writeAnswer(response, { status: 400, body: { error: 'no_text' } });
        return true;
      }
      messages.push({ room, text, key: call.header('idempotency-key'), at: options.clock.now() });
      messages.splice(0, messages.length - kept);
      writeAnswer(response, { status: 200, body: { ok: true } });
      return true;
    },
  };
}

export type SimChat = ReturnType<typeof createChat>;

function line({ at, text }: ChatMessage): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<p><time>${new Date(at).toISOString()}</time><br>${safe.replaceAll('\n', '<br>')}</p>`;
}
