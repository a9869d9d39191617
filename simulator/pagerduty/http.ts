import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request as handlers see it. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  header(name: string): string | null;
  /** The parsed JSON body; undefined when it is none. */
  body: unknown;
}

/** An answer; `body` goes out as JSON, `html` as a page. */
export interface Answer {
  status: number;
  body?: unknown;
  html?: string;
}

const largest = 512 * 1024;

export async function readCall(req: IncomingMessage): Promise<Call> {
  const url = new URL(req.url ?? '/', 'http://simulator');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    size += (chunk as Buffer).length;
    if (size > largest) break;
    chunks.push(chunk as Buffer);
  }
  return {
    method: req.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    header: (name) => {
      const value = req.headers[name];
      return (Array.isArray(value) ? value[0] : value) ?? null;
    },
    body: parse(Buffer.concat(chunks).toString('utf8')),
  };
}

export function writeAnswer(res: ServerResponse, { status, body, html }: Answer): void {
  res.statusCode = status;
  res.setHeader('content-type', html === undefined ? 'application/json' : 'text/html; charset=utf-8');
  res.end(html ?? (body === undefined ? '' : JSON.stringify(body)));
}

/** REST's way to say no. */
export function restError(status: number, code: number, message: string, errors: string[] = []): Answer {
  return { status, body: { error: { message, code, ...(errors.length > 0 ? { errors } : {}) } } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
