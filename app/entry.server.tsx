import { Transform } from 'node:stream';
import { type AppLoadContext, createReadableStreamFromReadable, type EntryContext } from '@remix-run/node';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { isbot } from 'isbot';
import { renderToPipeableStream } from 'react-dom/server';
import { StylesContext } from './components/document-styles.tsx';
import { NonceContext } from './components/nonce.tsx';
import styles from './styles/app.css?inline';

export { start } from './context.server.ts';

/** Loaders have 6 s for deferred data; React gives up a second later. */
export const streamTimeout = 6_000;

/** Renders a page. Bots and `?plain=1` (no JavaScript) wait for everything; everybody else gets the shell first. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  const whole = isbot(request.headers.get('user-agent')) || wantsPlain(request);
  return new Promise((resolve, reject) => {
    let shellSent = false;
    let code = status;
    const send = () => {
      shellSent = true;
      const body = gathered();
      headers.set('Content-Type', 'text/html; charset=utf-8');
      body.on('close', () => clearTimeout(timer));
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status: code }));
      pipe(body);
    };
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={context.nonce}>
        <StylesContext.Provider value={styles}>
          <RemixServer context={remixContext} url={request.url} nonce={context.nonce} abortDelay={streamTimeout} />
        </StylesContext.Provider>
      </NonceContext.Provider>,
      {
        nonce: context.nonce,
        onShellReady: () => {
          if (!whole) send();
        },
        onAllReady: () => {
          if (whole) send();
        },
        onShellError: reject,
        onError: (error) => {
          code = 500;
          if (shellSent) context.log.error({ err: error, requestId: context.requestId }, 'rendering failed');
        },
      },
    );
    const timer = setTimeout(abort, streamTimeout + 1_000);
    timer.unref();
  });
}

/** Unexpected failures of loaders and actions, logged with the request's id. Who left, or asked for what there is not, is no failure. */
export function handleError(error: unknown, { request, context }: { request: Request; context: AppLoadContext }): void {
  if (request.signal.aborted || context.signal.aborted) return;
  if (isRouteErrorResponse(error) && error.status < 500) return;
  context.log.error(
    { err: error, requestId: context.requestId, path: new URL(request.url).pathname },
    'request failed',
  );
}

/** React writes a page in pieces of 2 KB; what one turn of the event loop brings goes on as one, to be compressed and sent as one. */
function gathered(): Transform {
  let parts: Buffer[] = [];
  const pass = (stream: Transform) => {
    if (parts.length > 0) stream.push(Buffer.concat(parts));
    parts = [];
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (parts.push(chunk) === 1) setImmediate(pass, this);
      done();
    },
    flush(done) {
      pass(this);
      done();
    },
  });
}

function wantsPlain(request: Request): boolean {
  return (
    new URL(request.url).searchParams.has('plain') ||
    /(?:^|;\s*)plain=1(?:;|$)/.test(request.headers.get('cookie') ?? '')
  );
}
