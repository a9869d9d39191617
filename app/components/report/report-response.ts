import type { Happened } from '../../domain/report/happened.ts';
import { whatHappened } from './what-happened.ts';

/** The story as a file to keep: `text/markdown`, named after what it is about. */
export function reportResponse(happened: Happened, name: string): Response {
  const file = `what-happened-${name.replace(/[^\w.-]/g, '-')}.md`;
  return new Response(whatHappened(happened), {
    headers: {
      'Content-Type': 'text/markdown; charset=utf-8',
      'Content-Disposition': `attachment; filename="${file}"`,
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
