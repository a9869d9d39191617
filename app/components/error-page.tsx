import { isRouteErrorResponse, useRouteError } from '@remix-run/react';
import { useEffect } from 'react';
import { paths } from '../paths.ts';

/** What went wrong, in words and with the way on; an unexpected failure says so without its inside. */
export function ErrorPage() {
  const error = useRouteError();
  const { title, message } = words(error);
  const silent = unanswered(error);
  useEffect(() => (silent ? comeBack() : undefined), [silent]);
  return (
    <div className="mx-auto grid max-w-xl gap-3 px-6 py-16">
      <title>{`${title} · Firebreak`}</title>
      <h1>{title}</h1>
      <p className="text-dim">{message}</p>
      <p className="acts">
        <a className="btn" href={paths.overview()}>
          Overview
        </a>
        <a className="btn quiet" href={paths.runbooks()}>
          Runbooks
        </a>
      </p>
    </div>
  );
}

/** How often it is asked whether the console answers again, wall ms. */
const everyMs = 5_000;

/** True when the page could not be asked for at all: no network, or the console is being started again. */
function unanswered(error: unknown): boolean {
  return error instanceof TypeError && /fetch|network|load failed/i.test(error.message);
}

/** Loads the page again once the console answers; returns the way to stop asking. */
function comeBack(): () => void {
  const timer = setInterval(() => {
    fetch('/live').then(
      ({ ok }) => ok && window.location.reload(),
      () => undefined,
    );
  }, everyMs);
  return () => clearInterval(timer);
}

function words(error: unknown): { title: string; message: string } {
  if (unanswered(error)) {
    return { title: 'Firebreak does not answer', message: 'This page comes back by itself as soon as it does.' };
  }
  if (!isRouteErrorResponse(error)) {
    return { title: 'Something went wrong', message: 'It has been logged. Load the page again; the other pages work.' };
  }
  const said = (error.data as { error?: { message?: string } } | null)?.error?.message;
  if (error.status === 404) return { title: 'Not found', message: said ?? 'There is nothing at this address.' };
  if (error.status === 403) return { title: 'Not allowed', message: said ?? 'Your role does not allow this.' };
  return {
    title: `${error.status} ${error.statusText}`.trim(),
    message: said ?? 'This request could not be answered.',
  };
}
